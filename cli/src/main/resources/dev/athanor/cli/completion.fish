# Completion of athanor's command line, for fish: put it into ~/.config/fish/completions/athanor.fish.
function __athanor_complete
    set -l words (commandline -opc) (commandline -ct)
    for line in ($words[1] complete -- $words[2..-1] 2>/dev/null)
        if test "$line" = '<file>'
            __fish_complete_path (commandline -ct)
        else
            echo $line
        end
    end
end
complete -c athanor -f -a '(__athanor_complete)'
