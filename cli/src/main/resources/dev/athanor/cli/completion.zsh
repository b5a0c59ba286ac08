#compdef athanor
# Completion of athanor's command line, for zsh: put it as _athanor into a folder of $fpath.
_athanor() {
  local line text
  local -a texts shown open openShown
  for line in "${(@f)$("${words[1]}" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    text=${line%%$'\t'*}
    case $text in
      '') ;;
      '<file>') _files; return ;;
      */ | *: | *=) open+=("$text"); openShown+=("${line/$'\t'/  -- }") ;;
      *) texts+=("$text"); shown+=("${line/$'\t'/  -- }") ;;
    esac
  done
  compadd -l -d shown -a -- texts
  compadd -l -S '' -d openShown -a -- open
}
# When it is sourced instead of being found in $fpath.
if [ "$funcstack[1]" = _athanor ]; then _athanor "$@"; else compdef _athanor athanor; fi
