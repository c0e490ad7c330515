package superweight.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import superweight.checkpoint.Checkpoint;
import superweight.checkpoint.Checkpoints;
import superweight.checkpoint.ModelConfig;

/** Says what a model is, or why it cannot be run, from all of its file that comes before the numbers. */
@Command(
        name = "describe",
        description = "Say what a model is, or why it cannot be run, without loading its weights.",
        mixinStandardHelpOptions = true)
public final class DescribeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--model", paramLabel = "M", defaultValue = Checkpoints.DEFAULT_MODEL,
            description = "as in the other commands (the default: ${DEFAULT-VALUE})")
    private String model;

    @Override
    public Integer call() {
        Checkpoint checkpoint = Checkpoints.open(model);
        ModelConfig config = checkpoint.config();
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%s: %d layers, hidden size %d, intermediate size %d, %d heads over %d key/value heads, "
                        + "vocabulary %d%n",
                model, config.numHiddenLayers(), config.hiddenSize(), config.intermediateSize(),
                config.numAttentionHeads(), config.numKeyValueHeads(), config.vocabSize());
        out.flush();
        checkpoint.warnings().forEach(spec.commandLine().getErr()::println);
        return 0;
    }
}
