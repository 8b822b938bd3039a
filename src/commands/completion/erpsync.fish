# Completion of erpsync for fish.

function __erpsync_complete
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    set -l answer (command erpsync __complete fish $typed[2..] "$current" 2>/dev/null)
    set -l how (string split ' ' -- $answer[1])
    if contains -- "$how[1]" files directories
        set -l before (string sub -l $how[2] -- "$current")
        set -l path (string sub -s (math $how[2] + 1) -- "$current")
        set -l found
        if test $how[1] = files
            set found (__fish_complete_path "$path")
        else
            set found (__fish_complete_directories "$path")
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
