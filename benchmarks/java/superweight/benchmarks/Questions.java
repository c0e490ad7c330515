package superweight.benchmarks;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import superweight.InvalidInputException;
import superweight.measure.Continuation;
import superweight.measure.EvaluationText;
import superweight.measure.Perplexity;
import superweight.measure.TaskItem;
import superweight.measure.ZeroShotTask;
import superweight.model.CausalLM;
import superweight.model.Tokenizer.Bos;

/** What the benchmarks ask for once, so that all sides get the same token ids; no part of what is timed. */
interface Questions {
    /** lm-evaluation-harness begins no sequence with a token of its own for this model. */
    Bos BOS = Bos.NO;

    /**
     * The first windows of the text that ships with the project.
     *
     * @param window tokens per window
     * @param count how many
     */
    record Windows(int window, int count) {
        record Ids(List<int[]> windows) {}

        Ids of(CausalLM model) {
            int[] ids = model.tokenizer().encode(EvaluationText.bundled().text());
            return new Ids(first(count, Perplexity.windows(ids, window), "windows of " + window + " tokens"));
        }
    }

    /**
     * The first items of a zero-shot task, each as its choices.
     *
     * @param task the task's name
     * @param data folder that holds its items
     * @param count how many
     */
    record Items(String task, String data, int count) {
        record Ids(List<List<Continuation.Tokenized>> items) {}

        Ids of(CausalLM model) {
            return new Ids(items(task, data, count).stream().map(item -> choices(item, model)).toList());
        }

        private static List<Continuation.Tokenized> choices(TaskItem item, CausalLM model) {
            int longest = model.config().maxPositionEmbeddings();
            return item.continuations().stream()
                    .map(choice -> choice.tokenized(model.tokenizer(), BOS, longest))
                    .toList();
        }

        static List<TaskItem> items(String task, String data, int count) {
            ZeroShotTask wanted = ZeroShotTask.valueOf(task.toUpperCase(Locale.ROOT));
            return first(count, wanted.items(Path.of(data)), "items of " + task);
        }
    }

    private static <T> List<T> first(int count, List<T> all, String what) {
        if (count > all.size()) {
            throw new InvalidInputException("There are " + all.size() + " " + what + ", not " + count + ".");
        }
        return all.subList(0, count);
    }
}
