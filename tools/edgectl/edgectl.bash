# SPDX-License-Identifier: MIT
# Completion of edgectl for bash.
_edgectl()
{
	local cur prev words cword
	_init_completion || return

	local verb=${words[1]-}
	local model="--card --weights --shape --allow --threads --cpu --precision --json --help"
	local -A options=(
		[detect]="--output --score --iou --max $model"
		[info]="--nodes --graph --dot $model"
		[compile]="--output $model"
		[bench]="--net --seconds --warmup --native-io --profile $model"
		[eval]="--truth --images --detections --save --limit --score --iou --classes $model"
		[ops]="--json --help"
		[devices]="--json --help"
		[doctor]="--json --help"
		[top]="--interval --once --json --help"
		[reset]="--help"
		[report]="--output --json --help"
	)

	if ((cword == 1)); then
		mapfile -t COMPREPLY < <(compgen -W "${!options[*]} --help --version" -- "$cur")
		return
	fi
	case $prev in
	--cpu)
		mapfile -t COMPREPLY < <(compgen -W "avx512bf16 avx512vnni avx512 avxvnni avx2 sse4.1 c" -- "$cur")
		return
		;;
	--precision)
		mapfile -t COMPREPLY < <(compgen -W "f32 bf16 bf16-always" -- "$cur")
		return
		;;
	--net)
		mapfile -t COMPREPLY < <(compgen -W "$(edgectl bench --net help | awk 'NR > 1 { print $1 }')" -- "$cur")
		return
		;;
	--score | --iou | --max | --threads | --seconds | --warmup | --limit | --shape | --allow | --interval | -s | -n | -t | -i)
		return
		;;
	--images)
		_filedir -d
		return
		;;
	--card)
		_filedir json
		return
		;;
	esac
	if [[ $cur == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "${options[$verb]-}" -- "$cur")
	elif [[ $verb == ops ]]; then
		mapfile -t COMPREPLY < <(compgen -W "onnx darknet tflite" -- "$cur")
	elif [[ $verb == reset ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(edgectl devices | awk '$1 ~ /^[0-9]+$/ { sub(".*/", "", $2); print $2 }')" -- "$cur")
	elif [[ $verb == devices || $verb == doctor || $verb == top ]]; then
		return
	else
		_filedir
	fi
}
complete -F _edgectl edgectl
