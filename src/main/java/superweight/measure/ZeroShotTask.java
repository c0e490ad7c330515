package superweight.measure;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import superweight.InvalidInputException;
import superweight.Sha256;

/**
 * The zero-shot tasks of the paper's table 1, under the names and with the prompts of
 * lm-evaluation-harness, which the paper measured them with.
 */
public enum ZeroShotTask {
    /** The last word of a passage; OpenAI's version of the data. */
    LAMBADA_OPENAI("lambada_openai.jsonl", "EleutherAI/lambada_openai, test", 5153, ZeroShotTask::lastWord),
    ARC_EASY("arc_easy.jsonl", "allenai/ai2_arc, ARC-Easy, test", 2376, ZeroShotTask::question),
    ARC_CHALLENGE("arc_challenge.jsonl", "allenai/ai2_arc, ARC-Challenge, test", 1172, ZeroShotTask::question),
    PIQA("piqa.jsonl", "ybisk/piqa, validation", 1838, ZeroShotTask::question),
    WINOGRANDE("winogrande.jsonl", "allenai/winogrande, XL, validation", 1267, ZeroShotTask::partialEvaluation),
    HELLASWAG("hellaswag*.jsonl", "Rowan/hellaswag, validation", 10042, ZeroShotTask::ending),
    SCIQ("sciq.jsonl", "allenai/sciq, test", 1000, ZeroShotTask::supported);

    private final String file;
    private final String source;
    private final int wholeSize;
    private final Function<TaskRow, TaskItem> item;

    ZeroShotTask(String file, String source, int wholeSize, Function<TaskRow, TaskItem> item) {
        this.file = file;
        this.source = source;
        this.wholeSize = wholeSize;
        this.item = item;
    }

    /**
     * The task of this name, such as {@code arc_easy}.
     *
     * @throws InvalidInputException if there is none
     */
    public static ZeroShotTask named(String name) {
        return Stream.of(values()).filter(task -> task.toString().equals(name)).findFirst()
                .orElseThrow(() -> new InvalidInputException("There is no zero-shot task \"%s\"; there are: %s."
                        .formatted(name, Stream.of(values()).map(ZeroShotTask::toString)
                                .collect(Collectors.joining(", ")))));
    }

    /** The name, such as {@code arc_easy}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The name of the file with this task's rows; an asterisk stands for anything. */
    public String file() {
        return file;
    }

    /** Where the rows come from: a data set of the model hub, and its split. */
    public String source() {
        return source;
    }

    /** The number of items of that split, on which the paper measured; a file may hold fewer. */
    public int wholeSize() {
        return wholeSize;
    }

    /**
     * All items, in the order of the file's rows.
     *
     * @param data folder that holds exactly one such {@link #file()}
     * @throws InvalidInputException if it does not, or a row is not as it should be
     */
    public List<TaskItem> items(Path data) {
        Path found = fileIn(data);
        List<TaskRow> rows = TaskRow.readAll(found);
        if (rows.isEmpty()) {
            throw new InvalidInputException("The file " + found + " is empty, so " + this + " has no items.");
        }
        return rows.stream().map(item).toList();
    }

    /** The SHA-256 of the file with its rows, for a result's provenance. */
    public String sha256(Path data) {
        return Sha256.of(fileIn(data));
    }

    /** Whether a data folder has this task's items. */
    public boolean isIn(Path data) {
        return !filesIn(data).isEmpty();
    }

    private Path fileIn(Path data) {
        List<Path> found = filesIn(data);
        if (found.isEmpty()) {
            throw new InvalidInputException(
                    "The data folder " + data + " holds no file " + file + " (the items of " + this + ").");
        }
        if (found.size() > 1) {
            throw new InvalidInputException("The data folder " + data + " must hold one file " + file
                    + " (the items of " + this + "), but it holds " + found.size() + ": "
                    + found.stream().map(path -> path.getFileName().toString()).collect(Collectors.joining(", "))
                    + ".");
        }
        return found.get(0);
    }

    private List<Path> filesIn(Path data) {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(data)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(data, file)) {
                files.forEach(found::add);
            } catch (IOException e) {
                throw new InvalidInputException(
                        "The data folder " + data + " cannot be read: " + e.getMessage() + ".", e);
            }
        }
        found.removeIf(path -> !Files.isRegularFile(path));
        Collections.sort(found);
        return found;
    }

    private static TaskItem lastWord(TaskRow row) {
        return new TaskItem.Cloze(new Continuation(row.text("context"), " " + row.text("continuation")));
    }

    /** The query, begun with "Question: " in the data, ends with a line on which the answer is to come. */
    private static TaskItem question(TaskRow row) {
        String context = row.text("query").replaceFirst("\n\\z", "") + "\nAnswer:";
        return multipleChoice(context, row.texts("choices"), row, "gold");
    }

    /** The same continuation after either option: what differs is how well it fits what came before. */
    private static TaskItem partialEvaluation(TaskRow row) {
        List<String> contexts = row.texts("context_options");
        String continuation = " " + row.text("continuation");
        return new TaskItem.MultipleChoice(
                contexts.stream().map(context -> new Continuation(context, continuation)).toList(),
                row.index("gold", contexts.size()));
    }

    private static TaskItem ending(TaskRow row) {
        String context = HellaSwag.context(
                row.text("activity_label"), row.text("ctx_a"), row.textOrEmpty("ctx_b"));
        return multipleChoice(
                context, row.texts("endings").stream().map(HellaSwag::cleaned).toList(), row, "label");
    }

    /** A question after a passage that holds the answer, which is the last of the choices in every row. */
    private static TaskItem supported(TaskRow row) {
        String context = "%s\nQuestion: %s\nAnswer:".formatted(
                PythonText.stripLeading(row.textOrEmpty("support")), row.text("question"));
        List<String> choices = Stream.of("distractor1", "distractor2", "distractor3", "correct_answer")
                .map(row::text)
                .toList();
        return new TaskItem.MultipleChoice(
                choices.stream().map(choice -> new Continuation(context, " " + choice)).toList(), choices.size() - 1);
    }

    private static TaskItem multipleChoice(String context, List<String> choices, TaskRow row, String gold) {
        return new TaskItem.MultipleChoice(
                choices.stream().map(choice -> new Continuation(context, " " + choice)).toList(),
                row.index(gold, choices.size()));
    }
}
