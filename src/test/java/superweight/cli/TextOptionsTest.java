package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static superweight.cli.Refused.assertRefused;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.Progress;
import superweight.TestModel;
import superweight.checkpoint.RandomLlama;
import superweight.measure.Condition;
import superweight.measure.EvaluationText;
import superweight.measure.Perplexity;
import superweight.model.CausalLM;

/** Texts and windows that {@code perplexity} and {@code sweep} take and do not take. */
class TextOptionsTest {
    private static final String PERPLEXITY = "perplexity --model TINY ";
    private static final String SWEEP = "sweep --model TINY --at 1:2:3 --factors 0,1 ";

    @TempDir
    private static Path folder;

    @BeforeAll
    static void writeFiles() throws IOException {
        RandomLlama.small().writeTo(folder.resolve("tiny.gguf"));
        RandomLlama.small().withoutBos().writeTo(folder.resolve("no-bos.gguf"));
        Files.writeString(folder.resolve("text.txt"), "the man and the land ".repeat(4));
        Files.writeString(folder.resolve("long.txt"), "the man and the land ".repeat(80));
        Files.write(folder.resolve("latin1.txt"), "caf\u00e9 and more".getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(folder.resolve("empty.txt"), "");
        Files.createDirectory(folder.resolve("data"));
        Files.createDirectory(folder.resolve("other"));
        Files.writeString(folder.resolve("other/wiki.test.raw"), " \n = man and land = \n");
    }

    @ParameterizedTest
    @MethodSource({"texts", "windows"})
    void refusesInOneSentenceWithExitCode2(Refused refused) {
        assertRefused(refused.says(), 2, Console.run(Refused.words(refused.line(), folder)));
    }

    static Stream<Refused> texts() {
        return Stream.of(
                        new Refused("", "--text"),
                        new Refused("--text TEXT --dataset bundled", "mutually exclusive"),
                        new Refused("--dataset c5", "expected one of wikitext2, c4, bundled, but it is 'c5'"),
                        new Refused("--dataset c4 --data FOLDER/data", "data holds no file en/c4-validation.00000-of-"),
                        new Refused("--dataset wikitext2 --data FOLDER/none", "none holds no file wiki.test.raw"),
                        new Refused("--dataset wikitext2 --data FOLDER/data", "data holds no file wiki.test.raw"),
                        new Refused("--dataset wikitext2 --data FOLDER/other", "is not the raw test split of"),
                        new Refused("--dataset wikitext2 --data", "'--data'"),
                        new Refused("--text FOLDER/none.txt", "There is no text file"),
                        new Refused("--text FOLDER", "There is no text file"),
                        new Refused("--text FOLDER/latin1.txt", "not UTF-8"),
                        new Refused("--text FOLDER/empty.txt --window 2", "The text has 0 tokens"),
                        new Refused("--text TEXT --window 1024", "less than one window of 1024"),
                        new Refused("--text TEXT --window 8 --bos maybe", "expected one of auto, yes, no, but"),
                        new Refused(
                                "--text TEXT --window 8 --bos yes --model FOLDER/no-bos.gguf",
                                "no token that begins a sequence"))
                .flatMap(TextOptionsTest::inBothCommands);
    }

    static Stream<Refused> windows() {
        return Stream.of(
                        new Refused("1", "at least 2 tokens"),
                        new Refused("0", "at least 2 tokens"),
                        new Refused("-8", "at least 2 tokens"),
                        new Refused("long", "'long'"),
                        new Refused("1025", "--window must be at most 1024, the positions that this model has, but"),
                        new Refused("8 --windows 0", "--windows must be from 1 to 160, the number of whole windows of"),
                        new Refused("8 --windows -1", "--windows must be from 1 to 160"),
                        new Refused("8 --windows 161", "but it is 161"),
                        new Refused("8 --windows many", "'many'"))
                .map(window -> new Refused("--text FOLDER/long.txt --window " + window.line(), window.says()))
                .flatMap(TextOptionsTest::inBothCommands);
    }

    private static Stream<Refused> inBothCommands(Refused options) {
        return Stream.of(PERPLEXITY, SWEEP).map(command -> {
            String line = command + options.line();
            // A model of its own takes the place of the tiny one: an option is given once.
            String once = options.line().contains("--model") ? line.replace("--model TINY ", "") : line;
            return new Refused(once, options.says());
        });
    }

    /** As long as the model has positions. */
    @Test
    void aWindowMayBeAsLongAsTheModel() {
        String line = PERPLEXITY + "--text FOLDER/long.txt --window 1024 --json";
        Console console = Console.run(Refused.words(line, folder));
        assertEquals(0, console.exitCode(), console::err);
        assertEquals(1024, console.json().get("window").getAsInt());
    }

    /** The default is longer than this model, and its user did not type it. */
    @Test
    void theDefaultWindowIsCheckedTooAndNamed() {
        assertRefused(
                "--window must be at most 1024, the positions that this model has, but it is 2048",
                2,
                Console.run(Refused.words(PERPLEXITY + "--text FOLDER/long.txt", folder)));
    }

    @Test
    void wikiText2IsReadFromTheFolderThatIsNamed() {
        Optional<String> data = Optional.ofNullable(System.getenv("SUPERWEIGHT_DATA"));
        assumeTrue(data.isPresent(), "SUPERWEIGHT_DATA names no folder with wiki.test.raw");
        Console console = Console.run(
                "perplexity", "--dataset", "wikitext2", "--data", data.get(), "--json", "--window", "64",
                "--windows", "1");
        assertEquals(0, console.exitCode(), console::err);
        CausalLM model = TestModel.smollm2();
        int[] ids = model.tokenizer().encode(EvaluationText.wikitext2(Path.of(data.get())).text());
        List<int[]> first = Perplexity.windows(ids, 64).subList(0, 1);
        double expected = Perplexity.measure(model, first, Condition.ORIGINAL, Progress.NONE).value();
        assertEquals(expected, console.json().get("perplexity").getAsDouble(), 1e-5 * expected);
    }
}
