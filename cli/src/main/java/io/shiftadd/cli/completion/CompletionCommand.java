package io.shiftadd.cli.completion;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what makes a shell complete. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Prints what makes a shell complete commands, options and models:%n"
                + "  source <(./shiftadd completion bash)")
public final class CompletionCommand implements Callable<Integer> {

    /** Shells that a script is written for. */
    enum Shell {
        bash,
        zsh
    }

    @Spec
    private @Nullable CommandSpec spec;

    @Parameters(paramLabel = "<shell>", description = "${COMPLETION-CANDIDATES}")
    private Shell shell = Shell.bash;

    @Override
    public Integer call() {
        if (spec == null) {
            throw new IllegalStateException("picocli sets this before it calls");
        }
        System.out.print(new CompletionScript(spec.root()).text(shell == Shell.zsh));
        return 0;
    }
}
