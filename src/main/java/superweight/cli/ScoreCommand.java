package superweight.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import superweight.InvalidInputException;
import superweight.measure.Accuracy;
import superweight.measure.Condition;
import superweight.measure.TaskItem;
import superweight.measure.ZeroShotTask;
import superweight.model.CausalLM;
import superweight.model.Tokenizer;

/** {@code superweight score}: how many items of a zero-shot task a model, changed or not, gets right. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description = {
            "Accuracy on a zero-shot task under a model, with single weights scaled or pruned.",
            "Prompts and metric (acc) are those of lm-evaluation-harness: the likeliest choice is the"
                    + " model's answer; on lambada_openai every token of the last word must be the likeliest."
        })
final class ScoreCommand implements Callable<Integer> {
    @Mixin private ModelOptions modelOptions;
    @Mixin private ScaleOptions scales;
    @Mixin private Output output;

    @Option(
            names = "--task",
            paramLabel = "T",
            required = true,
            description = "one of ${COMPLETION-CANDIDATES}")
    private ZeroShotTask task;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description = "the folder with the task's file, T.jsonl; for hellaswag any one hellaswag*.jsonl"
                    + " (default: the folder that SUPERWEIGHT_DATA names)")
    private Optional<Path> data;

    @Option(names = "--limit", paramLabel = "N", description = "use the first N items (default: all)")
    private Optional<Integer> limit;

    @Option(
            names = "--bos",
            paramLabel = "auto|yes|no",
            defaultValue = "no",
            description = "begin every item with the token that begins a sequence? no (the default);"
                    + " auto: as the model's reference tokenizer does")
    private Tokenizer.Bos bos;

    /** The JSON document; items that are all right or all wrong tell nothing of a standard error. */
    private record Result(String task, int items, double accuracy, OptionalDouble standardError) {}

    @Override
    public Integer call() {
        List<TaskItem> items = choose(task.items(data.orElseGet(this::dataFolder)));
        try (CausalLM model = modelOptions.load(scales.interventions())) {
            print(measure(model, items));
        }
        return 0;
    }

    private Path dataFolder() {
        return DataFolder.fromEnvironment("The items of " + task + " are not at hand: name a folder that holds "
                + task.file() + " with --data or SUPERWEIGHT_DATA.");
    }

    private List<TaskItem> choose(List<TaskItem> all) {
        int count = limit.orElse(all.size());
        if (count < 1 || count > all.size()) {
            throw new InvalidInputException("--limit must be from 1 to " + all.size()
                    + ", the number of items of " + task + ", but it is " + count + ".");
        }
        return all.subList(0, count);
    }

    private Accuracy measure(CausalLM model, List<TaskItem> items) {
        Condition condition = new Condition(task.toString(), scales.interventions());
        try (TerminalProgress progress = TerminalProgress.start("score")) {
            return Accuracy.measure(model, items, condition, bos, progress);
        }
    }

    private void print(Accuracy measured) {
        OptionalDouble error = measured.standardError().stream().filter(each -> each > 0).findFirst();
        output.print(
                new Result(task.toString(), measured.items(), measured.value(), error),
                String.format(
                        Locale.ROOT,
                        "accuracy %.4f (%s over %s of %s)",
                        measured.value(),
                        error.isPresent()
                                ? String.format(Locale.ROOT, "standard error %.4f", error.getAsDouble())
                                : "all alike, so no standard error",
                        measured.items() == 1 ? "1 item" : measured.items() + " items",
                        task));
    }
}
