# Completion of erpsync for fish.

function __erpsync_complete
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    set -l answer (command erpsync __complete fish $typed[2..] "$current" 2>/dev/null)
    if string match -qr '^(files|directories) ' -- $answer[1]
        # What stands before the path, and the path.
        set -l before $answer[2]
        set -l found
        if string match -q 'files *' -- $answer[1]
            set found (__fish_complete_path "$answer[3]")
        else
            set found (__fish_complete_directories "$answer[3]")
        end
        for each in $found
            printf '%s%s\n' "$before" "$each"
        end
    else
        # Fish quotes what it inserts.
        printf '%s\n' $answer[2..]
    end
end

complete -c erpsync -e
complete -c erpsync -f -k -a '(__erpsync_complete)'
