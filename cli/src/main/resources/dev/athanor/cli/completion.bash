# Completion of athanor's command line, for bash: source it, or put it into
# ~/.local/share/bash-completion/completions/athanor.
_athanor() {
  # bash takes words apart at ':' and '=', which belong to labels and flags; so they are taken from the line.
  local -a words
  local line=${COMP_LINE:0:COMP_POINT} text help
  read -ra words <<<"$line"
  case $line in *[[:blank:]]) words+=('') ;; esac
  local current=${words[${#words[@]} - 1]}
  # What bash regards as done already stays out of what it is given.
  local done=
  local breaks=$COMP_WORDBREAKS
  breaks=${breaks//[^:=]/}
  [ -z "$breaks" ] || case $current in *[$breaks]*) done=${current%"${current##*[$breaks]}"} ;; esac
  COMPREPLY=()
  while IFS=$'\t' read -r text help; do
    case $text in
      '<file>') compopt -o default; COMPREPLY=(); return ;;
      */ | *: | *=) compopt -o nospace ;;
    esac
    COMPREPLY+=("${text#"$done"}")
  done < <("${words[0]/#\~/$HOME}" complete -- "${words[@]:1}" 2>/dev/null)
}
complete -F _athanor athanor
