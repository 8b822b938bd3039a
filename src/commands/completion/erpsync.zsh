#compdef erpsync
# Completion of erpsync for zsh.

_erpsync() {
  local -a answer how texts shown typed option
  local line note
  local -i width=0
  typed=("${(@)words[2,CURRENT]}")
  typed[-1]=$PREFIX
  answer=("${(@f)$(command erpsync __complete zsh "${(@)typed}" 2>/dev/null)}")
  how=(${=answer[1]})
  shift answer
  case $how[1] in
    files) compset -p $how[2]; _files; return ;;
    directories) compset -p $how[2]; _files -/; return ;;
  esac
  [[ $how[2] == nospace ]] && option=(-S '')
  texts=("${(@)answer%%$'\t'*}")
  for line in "${(@)texts}"; do (( $#line > width )) && width=$#line; done
  for line in "${(@)answer}"; do
    note=
    [[ $line == *$'\t'* ]] && note="  -- ${line#*$'\t'}"
    line=${line%%$'\t'*}
    shown+=("${(r:width:)line}$note")
  done
  (( $#texts )) || return 1
  if [[ $answer[1] == *$'\t'* ]]; then option+=(-l); fi
  # compadd quotes what it inserts as the line needs it.
  compadd -V erpsync "${(@)option}" -d shown -a texts
}

if [[ $funcstack[1] == _erpsync ]]; then
  _erpsync "$@"
elif (( $+functions[compdef] )); then
  compdef _erpsync erpsync
fi
