package io.shiftadd.cli.completion;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A completion function of bash, which zsh runs too. Commands and options are those that there are now; names of models
 * are asked for when they are needed.
 */
final class CompletionScript {

    private static final String MODEL = "<model>";

    private static final String FUNCTION = """
            # Completion of shiftadd; made by: shiftadd completion.
            _shiftadd() {
                local word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}"
                local program="${COMP_WORDS[0]}" command="" choices="" i
                for ((i = 1; i < COMP_CWORD; i++)); do
                    case "${COMP_WORDS[i]}" in
                        -*) ;;
                        *) command="${COMP_WORDS[i]}"; break ;;
                    esac
                done
                if [[ "$before" == --baseline ]]; then
                    COMPREPLY=($(compgen -W "$("$program" list --names 2>/dev/null)" -- "$word"))
                    return
                fi
                case "$command" in
                    "") choices="%s" ;;
            %s    esac
                COMPREPLY=($(compgen -W "$choices" -- "$word"))
                # What is no name may be a file, or a directory.
                [[ ${#COMPREPLY[@]} -gt 0 || "$word" == -* ]] || compopt -o default 2>/dev/null
            }
            complete -F _shiftadd shiftadd ./shiftadd bin/shiftadd
            """;

    private static final String ZSH = """
            autoload -U +X compinit && compinit -u
            autoload -U +X bashcompinit && bashcompinit
            """;

    private final CommandSpec root;

    CompletionScript(CommandSpec root) {
        this.root = root;
    }

    String text(boolean zsh) {
        Map<String, CommandLine> commands = new TreeMap<>(root.subcommands());
        StringBuilder cases = new StringBuilder();
        commands.forEach((name, command) -> {
            String words = String.join(" ", words(command.getCommandSpec()));
            String names = takesModel(command.getCommandSpec()) ? " $(\"$program\" list --names 2>/dev/null)" : "";
            cases.append("        %s) if [[ \"$word\" == -* ]]; then choices=\"%s\"; else choices=\"%s%s\"; fi ;;%n"
                    .formatted(name, options(command.getCommandSpec()), words, names));
        });
        String script = FUNCTION.formatted(String.join(" ", commands.keySet()), cases);
        return zsh ? ZSH + script : script;
    }

    private static String options(CommandSpec command) {
        return command.options().stream()
                .filter(option -> !option.hidden())
                .map(OptionSpec::longestName)
                .collect(Collectors.joining(" "));
    }

    /** Commands below it, and what its parameters may be where that is a closed set. */
    private static List<String> words(CommandSpec command) {
        List<String> words = new ArrayList<>(command.subcommands().keySet());
        command.positionalParameters().stream()
                .map(PositionalParamSpec::completionCandidates)
                .filter(Objects::nonNull)
                .forEach(candidates -> candidates.forEach(words::add));
        return words;
    }

    private static boolean takesModel(CommandSpec command) {
        return command.positionalParameters().stream()
                .anyMatch(parameter -> parameter.paramLabel().equals(MODEL));
    }
}
