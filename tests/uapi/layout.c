// SPDX-License-Identifier: MIT
/*
 * What programs that were built once rely on. Lines are added here and never change: compiling this is the
 * test, in each language and for each size of a word.
 */
#include <stddef.h>

#include <drm/edge_accel.h>

#ifdef __cplusplus
#define ASSERT(condition) static_assert(condition, #condition)
#else
#define ASSERT(condition) _Static_assert(condition, #condition)
#endif

#define SIZE(type, size) ASSERT(sizeof(struct type) == (size))
#define AT(type, field, offset) ASSERT(offsetof(struct type, field) == (offset))
#define NUMBER(name, value) ASSERT((name) == (value))
#define VALUE(name, value) ASSERT((unsigned int)(name) == (value))

/* Numbers of ioctls, which have the size of their argument in them */
NUMBER(DRM_IOCTL_EDGE_DEV_QUERY, 0xc0106440);
NUMBER(DRM_IOCTL_EDGE_BO_CREATE, 0xc0186441);
NUMBER(DRM_IOCTL_EDGE_BO_INFO, 0xc0186442);
NUMBER(DRM_IOCTL_EDGE_BO_SYNC, 0x40186443);
NUMBER(DRM_IOCTL_EDGE_CTX_CREATE, 0xc0106444);
NUMBER(DRM_IOCTL_EDGE_CTX_DESTROY, 0x40086445);
NUMBER(DRM_IOCTL_EDGE_CTX_STATUS, 0xc0406446);
NUMBER(DRM_IOCTL_EDGE_SUBMIT, 0xc0586447);
NUMBER(DRM_IOCTL_EDGE_WAIT, 0xc0286448);
NUMBER(DRM_IOCTL_EDGE_RESET, 0x40086449);

/* Values */
VALUE(DRM_EDGE_DEV_QUERY, 0x0u);
VALUE(DRM_EDGE_BO_CREATE, 0x1u);
VALUE(DRM_EDGE_BO_INFO, 0x2u);
VALUE(DRM_EDGE_BO_SYNC, 0x3u);
VALUE(DRM_EDGE_CTX_CREATE, 0x4u);
VALUE(DRM_EDGE_CTX_DESTROY, 0x5u);
VALUE(DRM_EDGE_CTX_STATUS, 0x6u);
VALUE(DRM_EDGE_SUBMIT, 0x7u);
VALUE(DRM_EDGE_WAIT, 0x8u);
VALUE(DRM_EDGE_RESET, 0x9u);
VALUE(DRM_EDGE_NVDLA_BS, 0x1u);
VALUE(DRM_EDGE_NVDLA_BN, 0x2u);
VALUE(DRM_EDGE_NVDLA_PDP, 0x4u);
VALUE(DRM_EDGE_NVDLA_CDP, 0x8u);
VALUE(DRM_EDGE_BO_CACHED, 0x1u);
VALUE(DRM_EDGE_BO_DEVICE_READS, 0x2u);
VALUE(DRM_EDGE_BO_DEVICE_WRITES, 0x4u);
VALUE(DRM_EDGE_BO_IMPORTED, 0x80000000u);
VALUE(DRM_EDGE_SYNC_TO_DEVICE, 0x1u);
VALUE(DRM_EDGE_SYNC_TO_CPU, 0x2u);
VALUE(DRM_EDGE_NVDLA_STAGE_ON, 0x1u);
VALUE(DRM_EDGE_NVDLA_STAGE_ALU, 0x2u);
VALUE(DRM_EDGE_NVDLA_STAGE_MUL, 0x4u);
VALUE(DRM_EDGE_NVDLA_STAGE_PRELU, 0x8u);
VALUE(DRM_EDGE_NVDLA_STAGE_RELU, 0x10u);
VALUE(DRM_EDGE_NVDLA_STAGE_ALU_MEMORY, 0x20u);
VALUE(DRM_EDGE_NVDLA_STAGE_MUL_MEMORY, 0x40u);
VALUE(DRM_EDGE_NVDLA_STAGE_PER_ELEMENT, 0x80u);
VALUE(DRM_EDGE_NVDLA_STAGE_TWO_BYTES, 0x100u);
VALUE(DRM_EDGE_NVDLA_PIXEL_SIGNED, 0x1u);
VALUE(DRM_EDGE_NVDLA_PIXEL_CONVERT, 0x2u);
VALUE(DRM_EDGE_NVDLA_POOL, 0x1u);
VALUE(DRM_EDGE_QUERY_DEVICE, 0x0u);
VALUE(DRM_EDGE_QUERY_NVDLA, 0x1u);
VALUE(DRM_EDGE_KIND_NPU, 0x1u);
VALUE(DRM_EDGE_KIND_FPGA, 0x2u);
VALUE(DRM_EDGE_KIND_VPU, 0x3u);
VALUE(DRM_EDGE_FAMILY_NVDLA, 0x1u);
VALUE(DRM_EDGE_FAMILY_VPU, 0x2u);
VALUE(DRM_EDGE_PRIORITY_NORMAL, 0x0u);
VALUE(DRM_EDGE_PRIORITY_LOW, 0x1u);
VALUE(DRM_EDGE_PRIORITY_HIGH, 0x2u);
VALUE(DRM_EDGE_CTX_OK, 0x0u);
VALUE(DRM_EDGE_CTX_INNOCENT, 0x1u);
VALUE(DRM_EDGE_CTX_LOST, 0x2u);
VALUE(DRM_EDGE_CTX_GUILTY, 0x3u);
VALUE(DRM_EDGE_REASON_NONE, 0x0u);
VALUE(DRM_EDGE_REASON_STREAM, 0x1u);
VALUE(DRM_EDGE_REASON_OPS, 0x2u);
VALUE(DRM_EDGE_REASON_TYPE, 0x3u);
VALUE(DRM_EDGE_REASON_RESERVED, 0x4u);
VALUE(DRM_EDGE_REASON_HANDLE, 0x5u);
VALUE(DRM_EDGE_REASON_EXTENT, 0x6u);
VALUE(DRM_EDGE_REASON_ALIGN, 0x7u);
VALUE(DRM_EDGE_REASON_ACCESS, 0x8u);
VALUE(DRM_EDGE_REASON_SIZE, 0x9u);
VALUE(DRM_EDGE_REASON_STRIDE, 0xau);
VALUE(DRM_EDGE_REASON_POINT, 0xbu);
VALUE(DRM_EDGE_REASON_OVERLAP, 0xcu);
VALUE(DRM_EDGE_REASON_FORMAT, 0xdu);
VALUE(DRM_EDGE_REASON_KERNEL, 0xeu);
VALUE(DRM_EDGE_REASON_STEP, 0xfu);
VALUE(DRM_EDGE_REASON_PADDING, 0x10u);
VALUE(DRM_EDGE_REASON_OUTPUT, 0x11u);
VALUE(DRM_EDGE_REASON_BANKS, 0x12u);
VALUE(DRM_EDGE_REASON_DATA_BANKS, 0x13u);
VALUE(DRM_EDGE_REASON_WEIGHT_BANKS, 0x14u);
VALUE(DRM_EDGE_REASON_STAGE, 0x15u);
VALUE(DRM_EDGE_REASON_SHIFT, 0x16u);
VALUE(DRM_EDGE_REASON_POOL_WIDTH, 0x17u);
VALUE(DRM_EDGE_REASON_BANDS, 0x18u);
VALUE(DRM_EDGE_REASON_UNSUPPORTED, 0x19u);
VALUE(DRM_EDGE_OP_NVDLA_CONV, 0x10001u);
VALUE(DRM_EDGE_OP_NVDLA_SDP, 0x10002u);
VALUE(DRM_EDGE_OP_NVDLA_PDP, 0x10003u);
VALUE(DRM_EDGE_OP_NVDLA_TABLE, 0x10004u);
VALUE(DRM_EDGE_OP_NVDLA_COPY, 0x10005u);
VALUE(DRM_EDGE_NVDLA_ALU_MAX, 0x0u);
VALUE(DRM_EDGE_NVDLA_ALU_MIN, 0x1u);
VALUE(DRM_EDGE_NVDLA_ALU_SUM, 0x2u);
VALUE(DRM_EDGE_NVDLA_POOL_AVERAGE, 0x0u);
VALUE(DRM_EDGE_NVDLA_POOL_MAX, 0x1u);
VALUE(DRM_EDGE_NVDLA_POOL_MIN, 0x2u);
VALUE(DRM_EDGE_NVDLA_FEATURE, 0x0u);
VALUE(DRM_EDGE_NVDLA_R8, 0x1u);
VALUE(DRM_EDGE_NVDLA_RGBA, 0x2u);
VALUE(DRM_EDGE_NVDLA_BGRA, 0x3u);
VALUE(DRM_EDGE_NVDLA_ARGB, 0x4u);
VALUE(DRM_EDGE_NVDLA_ABGR, 0x5u);

/* Structs */
SIZE(drm_edge_dev_query, 16);
AT(drm_edge_dev_query, type, 0);
AT(drm_edge_dev_query, size, 4);
AT(drm_edge_dev_query, pointer, 8);

SIZE(drm_edge_device, 128);
AT(drm_edge_device, kind, 0);
AT(drm_edge_device, family, 4);
AT(drm_edge_device, name, 8);
AT(drm_edge_device, hw_version, 40);
AT(drm_edge_device, fw_version, 44);
AT(drm_edge_device, clock_hz, 48);
AT(drm_edge_device, max_ops, 56);
AT(drm_edge_device, max_stream, 60);
AT(drm_edge_device, max_bo, 64);
AT(drm_edge_device, address_bits, 72);
AT(drm_edge_device, bo_align, 76);
AT(drm_edge_device, jobs_in_flight, 80);
AT(drm_edge_device, timeout_ms, 84);
AT(drm_edge_device, resets, 88);
AT(drm_edge_device, reserved, 96);

SIZE(drm_edge_nvdla, 64);
AT(drm_edge_nvdla, atomic_c, 0);
AT(drm_edge_nvdla, atomic_k, 4);
AT(drm_edge_nvdla, atom, 8);
AT(drm_edge_nvdla, cbuf_banks, 12);
AT(drm_edge_nvdla, cbuf_width, 16);
AT(drm_edge_nvdla, cbuf_depth, 20);
AT(drm_edge_nvdla, features, 24);
AT(drm_edge_nvdla, pdp_line, 28);
AT(drm_edge_nvdla, reserved, 32);

SIZE(drm_edge_bo_create, 24);
AT(drm_edge_bo_create, size, 0);
AT(drm_edge_bo_create, flags, 8);
AT(drm_edge_bo_create, handle, 12);
AT(drm_edge_bo_create, mmap_offset, 16);

SIZE(drm_edge_bo_info, 24);
AT(drm_edge_bo_info, handle, 0);
AT(drm_edge_bo_info, flags, 4);
AT(drm_edge_bo_info, size, 8);
AT(drm_edge_bo_info, mmap_offset, 16);

SIZE(drm_edge_bo_sync, 24);
AT(drm_edge_bo_sync, handle, 0);
AT(drm_edge_bo_sync, flags, 4);
AT(drm_edge_bo_sync, offset, 8);
AT(drm_edge_bo_sync, size, 16);

SIZE(drm_edge_ctx_create, 16);
AT(drm_edge_ctx_create, priority, 0);
AT(drm_edge_ctx_create, flags, 4);
AT(drm_edge_ctx_create, handle, 8);
AT(drm_edge_ctx_create, pad, 12);

SIZE(drm_edge_ctx_destroy, 8);
AT(drm_edge_ctx_destroy, handle, 0);
AT(drm_edge_ctx_destroy, pad, 4);

SIZE(drm_edge_ctx_status, 64);
AT(drm_edge_ctx_status, handle, 0);
AT(drm_edge_ctx_status, state, 4);
AT(drm_edge_ctx_status, submitted, 8);
AT(drm_edge_ctx_status, completed, 16);
AT(drm_edge_ctx_status, failed, 24);
AT(drm_edge_ctx_status, late, 32);
AT(drm_edge_ctx_status, ops, 40);
AT(drm_edge_ctx_status, busy_ns, 48);
AT(drm_edge_ctx_status, resets, 56);

SIZE(drm_edge_sync, 16);
AT(drm_edge_sync, handle, 0);
AT(drm_edge_sync, flags, 4);
AT(drm_edge_sync, point, 8);

SIZE(drm_edge_submit, 88);
AT(drm_edge_submit, ctx, 0);
AT(drm_edge_submit, flags, 4);
AT(drm_edge_submit, stream, 8);
AT(drm_edge_submit, stream_size, 16);
AT(drm_edge_submit, in_sync_count, 20);
AT(drm_edge_submit, in_syncs, 24);
AT(drm_edge_submit, in_sync_stride, 32);
AT(drm_edge_submit, out_sync_count, 36);
AT(drm_edge_submit, out_syncs, 40);
AT(drm_edge_submit, out_sync_stride, 48);
AT(drm_edge_submit, pad, 52);
AT(drm_edge_submit, deadline_ns, 56);
AT(drm_edge_submit, job, 64);
AT(drm_edge_submit, error_op, 72);
AT(drm_edge_submit, error_reason, 76);
AT(drm_edge_submit, error_at, 80);
AT(drm_edge_submit, error_pad, 84);

SIZE(drm_edge_wait, 40);
AT(drm_edge_wait, ctx, 0);
AT(drm_edge_wait, flags, 4);
AT(drm_edge_wait, job, 8);
AT(drm_edge_wait, timeout_ns, 16);
AT(drm_edge_wait, result, 24);
AT(drm_edge_wait, pad, 28);
AT(drm_edge_wait, ops, 32);

SIZE(drm_edge_reset, 8);
AT(drm_edge_reset, flags, 0);
AT(drm_edge_reset, pad, 4);

SIZE(drm_edge_op, 8);
AT(drm_edge_op, type, 0);
AT(drm_edge_op, size, 4);

SIZE(drm_edge_ref, 16);
AT(drm_edge_ref, handle, 0);
AT(drm_edge_ref, pad, 4);
AT(drm_edge_ref, offset, 8);

SIZE(drm_edge_nvdla_cube, 40);
AT(drm_edge_nvdla_cube, at, 0);
AT(drm_edge_nvdla_cube, width, 16);
AT(drm_edge_nvdla_cube, height, 20);
AT(drm_edge_nvdla_cube, channels, 24);
AT(drm_edge_nvdla_cube, line_stride, 28);
AT(drm_edge_nvdla_cube, surface_stride, 32);
AT(drm_edge_nvdla_cube, pad, 36);

SIZE(drm_edge_nvdla_stage, 48);
AT(drm_edge_nvdla_stage, flags, 0);
AT(drm_edge_nvdla_stage, alu, 4);
AT(drm_edge_nvdla_stage, alu_shift, 8);
AT(drm_edge_nvdla_stage, mul_shift, 12);
AT(drm_edge_nvdla_stage, alu_value, 16);
AT(drm_edge_nvdla_stage, mul_value, 20);
AT(drm_edge_nvdla_stage, operands, 24);
AT(drm_edge_nvdla_stage, line_stride, 40);
AT(drm_edge_nvdla_stage, surface_stride, 44);

SIZE(drm_edge_nvdla_tail, 112);
AT(drm_edge_nvdla_tail, bs, 0);
AT(drm_edge_nvdla_tail, bn, 48);
AT(drm_edge_nvdla_tail, offset, 96);
AT(drm_edge_nvdla_tail, scale, 100);
AT(drm_edge_nvdla_tail, shift, 104);
AT(drm_edge_nvdla_tail, pad, 108);

SIZE(drm_edge_nvdla_pool, 64);
AT(drm_edge_nvdla_pool, method, 0);
AT(drm_edge_nvdla_pool, width, 4);
AT(drm_edge_nvdla_pool, height, 8);
AT(drm_edge_nvdla_pool, stride_x, 12);
AT(drm_edge_nvdla_pool, stride_y, 16);
AT(drm_edge_nvdla_pool, left, 20);
AT(drm_edge_nvdla_pool, right, 24);
AT(drm_edge_nvdla_pool, top, 28);
AT(drm_edge_nvdla_pool, bottom, 32);
AT(drm_edge_nvdla_pool, pad_value, 36);
AT(drm_edge_nvdla_pool, reciprocal_x, 40);
AT(drm_edge_nvdla_pool, reciprocal_y, 44);
AT(drm_edge_nvdla_pool, bands, 48);
AT(drm_edge_nvdla_pool, first, 52);
AT(drm_edge_nvdla_pool, middle, 56);
AT(drm_edge_nvdla_pool, last, 60);

SIZE(drm_edge_nvdla_pixel, 32);
AT(drm_edge_nvdla_pixel, flags, 0);
AT(drm_edge_nvdla_pixel, x_offset, 4);
AT(drm_edge_nvdla_pixel, mean, 8);
AT(drm_edge_nvdla_pixel, scale, 24);
AT(drm_edge_nvdla_pixel, shift, 28);

SIZE(drm_edge_nvdla_conv, 384);
AT(drm_edge_nvdla_conv, op, 0);
AT(drm_edge_nvdla_conv, flags, 8);
AT(drm_edge_nvdla_conv, format, 12);
AT(drm_edge_nvdla_conv, input, 16);
AT(drm_edge_nvdla_conv, pixel, 56);
AT(drm_edge_nvdla_conv, weights, 88);
AT(drm_edge_nvdla_conv, kernel_width, 104);
AT(drm_edge_nvdla_conv, kernel_height, 108);
AT(drm_edge_nvdla_conv, stride_x, 112);
AT(drm_edge_nvdla_conv, stride_y, 116);
AT(drm_edge_nvdla_conv, dilation_x, 120);
AT(drm_edge_nvdla_conv, dilation_y, 124);
AT(drm_edge_nvdla_conv, left, 128);
AT(drm_edge_nvdla_conv, right, 132);
AT(drm_edge_nvdla_conv, top, 136);
AT(drm_edge_nvdla_conv, bottom, 140);
AT(drm_edge_nvdla_conv, pad_value, 144);
AT(drm_edge_nvdla_conv, truncate, 148);
AT(drm_edge_nvdla_conv, data_banks, 152);
AT(drm_edge_nvdla_conv, weight_banks, 156);
AT(drm_edge_nvdla_conv, width, 160);
AT(drm_edge_nvdla_conv, height, 164);
AT(drm_edge_nvdla_conv, tail, 168);
AT(drm_edge_nvdla_conv, output, 280);
AT(drm_edge_nvdla_conv, pool, 320);

SIZE(drm_edge_nvdla_sdp, 272);
AT(drm_edge_nvdla_sdp, op, 0);
AT(drm_edge_nvdla_sdp, flags, 8);
AT(drm_edge_nvdla_sdp, pad, 12);
AT(drm_edge_nvdla_sdp, input, 16);
AT(drm_edge_nvdla_sdp, tail, 56);
AT(drm_edge_nvdla_sdp, output, 168);
AT(drm_edge_nvdla_sdp, pool, 208);

SIZE(drm_edge_nvdla_pdp, 152);
AT(drm_edge_nvdla_pdp, op, 0);
AT(drm_edge_nvdla_pdp, input, 8);
AT(drm_edge_nvdla_pdp, output, 48);
AT(drm_edge_nvdla_pdp, pool, 88);

SIZE(drm_edge_nvdla_table, 624);
AT(drm_edge_nvdla_table, op, 0);
AT(drm_edge_nvdla_table, input, 8);
AT(drm_edge_nvdla_table, output, 48);
AT(drm_edge_nvdla_table, offset, 88);
AT(drm_edge_nvdla_table, scale, 92);
AT(drm_edge_nvdla_table, shift, 96);
AT(drm_edge_nvdla_table, pad, 100);
AT(drm_edge_nvdla_table, values, 104);
AT(drm_edge_nvdla_table, pad2, 618);

SIZE(drm_edge_nvdla_copy, 56);
AT(drm_edge_nvdla_copy, op, 0);
AT(drm_edge_nvdla_copy, from, 8);
AT(drm_edge_nvdla_copy, to, 24);
AT(drm_edge_nvdla_copy, line_bytes, 40);
AT(drm_edge_nvdla_copy, lines, 44);
AT(drm_edge_nvdla_copy, from_stride, 48);
AT(drm_edge_nvdla_copy, to_stride, 52);
