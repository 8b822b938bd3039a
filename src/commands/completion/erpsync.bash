# Completion of erpsync for bash 4 and later.

_erpsync() {
  local IFS=$' \t\n' line=${COMP_LINE:0:COMP_POINT} index word rest part how
  local -a typed=()
  COMPREPLY=()
  # Bash cuts words at = and : too: what touches is one word again.
  for ((index = 0; index <= COMP_CWORD; index++)); do
    word=${COMP_WORDS[index]}
    rest=${line#"${line%%[![:space:]]*}"}
    # The cursor may stand within the last word.
    [[ $rest == "$word"* ]] || word=$rest
    if [[ $index -gt 0 && $rest == "$line" && ${#typed[@]} -gt 0 ]]; then
      typed[${#typed[@]} - 1]+=$word
    else
      typed+=("$word")
    fi
    line=${rest:${#word}}
  done
  part=
  [[ $word == *[!=:@]* ]] && part=$word
  # What comes back is quoted as it is to be inserted, and nothing here evaluates it.
  {
    IFS= read -r how
    while IFS= read -r word; do COMPREPLY+=("$word"); done
  } < <(command erpsync __complete bash "$part" "${typed[@]:1}" 2>/dev/null)
  case $how in
    files*)
      rest=${COMPREPLY[1]-}
      COMPREPLY=()
      if [[ $part == @* ]]; then
        # Readline would take the @ for a part of the name.
        while IFS= read -r word; do
          [[ -d $word ]] && word+=/ && compopt -o nospace
          COMPREPLY+=("@$word")
        done < <(compgen -f -- "$rest")
        compopt -o filenames
      else
        compopt -o default
      fi
      ;;
    directories*) COMPREPLY=() && compopt -o dirnames ;;
    *nospace) compopt -o nospace -o nosort ;;
    *) compopt -o nosort ;;
  esac 2>/dev/null
  return 0
}

complete -F _erpsync erpsync
