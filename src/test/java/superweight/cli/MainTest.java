package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import superweight.Progress;
import superweight.Sha256;
import superweight.checkpoint.Checkpoints;
import superweight.checkpoint.RandomLlama;
import superweight.measure.Accuracy;
import superweight.measure.Condition;
import superweight.measure.Generation;
import superweight.measure.NextToken;
import superweight.measure.Perplexity;
import superweight.measure.TaskItem;
import superweight.measure.ZeroShotTask;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.Tokenizer.Bos;

/** The commands' results, to people and to programs. */
class MainTest {
    private static final String TEXT = "the man and the land, 12 hands. a thin band ran an other lap\nand then the end";
    private static final String[] PRUNE_TWO = {"--scale", "1:2:3=0", "--scale", "0:23:39=-2.5"};
    private static final List<Intervention> TWO_PRUNED = List.of(
            Intervention.prune(new Coordinate(1, 2, 3)), Intervention.scale(new Coordinate(0, 23, 39), -2.5));

    @TempDir
    private static Path folder;

    private static String tiny;
    private static String text;

    @BeforeAll
    static void writeModelAndText() throws IOException {
        tiny = RandomLlama.small().writeTo(folder.resolve("tiny.gguf")).toString();
        text = Files.writeString(folder.resolve("text.txt"), TEXT).toString();
        String row = "{\"context_options\": [\"the man and the land\", \"the man and the band\"],"
                + " \"continuation\": \"ran %d times\", \"gold\": %d}\n";
        Files.writeString(
                folder.resolve("winogrande.jsonl"),
                IntStream.range(0, 6).mapToObj(i -> row.formatted(i, i % 2)).collect(Collectors.joining()));
    }

    @Test
    void perplexityIsTheLibrarysAsJsonAndAsALine() {
        try (CausalLM model = CausalLM.load(Checkpoints.open(tiny))) {
            List<int[]> windows = Perplexity.windows(model.tokenizer().encode(TEXT), 16);
            Perplexity all = Perplexity.measure(model, windows, Condition.ORIGINAL, Progress.NONE);
            assertTrue(all.windows() > 2);
            assertPerplexity(all, "--window", "16");
            assertPerplexity(
                    Perplexity.measure(model, windows.subList(0, 2), new Condition("two", TWO_PRUNED), Progress.NONE),
                    with(PRUNE_TWO, "--window", "16", "--windows", "2"));
        }
    }

    @Test
    void describesAModelInOneLine() {
        assertEquals(tiny + ": 3 layers, hidden size 24, intermediate size 40, 4 heads over 2 key/value heads, "
                + "vocabulary 40\n", succeed("describe", "--model", tiny).out());
    }

    private static void assertPerplexity(Perplexity expected, String... options) {
        String[] arguments = with(new String[] {"perplexity", "--model", tiny, "--text", text}, options);
        JsonObject json = succeed(with(arguments, "--json")).json();
        assertEquals(
                List.of("perplexity", "meanNll", "window", "windows", "tokens", "of"), List.copyOf(json.keySet()));
        JsonObject of = json.getAsJsonObject("of");
        assertEquals(tiny, of.get("model").getAsString());
        assertEquals(Sha256.of(Path.of(text)), of.get("textSha256").getAsString());
        assertEquals(expected.value(), json.get("perplexity").getAsDouble(), 1e-9);
        assertEquals(expected.meanNll(), json.get("meanNll").getAsDouble(), 1e-9);
        assertEquals(expected.window(), json.get("window").getAsInt());
        assertEquals(expected.windows(), json.get("windows").getAsInt());
        assertEquals(15L * expected.windows(), json.get("tokens").getAsLong());
        assertEquals(
                String.format(Locale.ROOT,
                        "perplexity %.4f (mean NLL %.5f over %d tokens in %d windows of 16)\n",
                        expected.value(), expected.meanNll(), expected.tokens(), expected.windows()),
                succeed(arguments).out());
    }

    @Test
    void scoreIsTheLibrarysAsJsonAndAsALine() {
        try (CausalLM model = CausalLM.load(Checkpoints.open(tiny))) {
            List<TaskItem> items = ZeroShotTask.WINOGRANDE.items(folder);
            assertScore(
                    Accuracy.measure(model, items, Condition.ORIGINAL, Bos.NO, Progress.NONE));
            assertScore(
                    Accuracy.measure(
                            model, items.subList(0, 3), new Condition("two", TWO_PRUNED), Bos.YES, Progress.NONE),
                    with(PRUNE_TWO, "--limit", "3", "--bos", "yes"));
        }
    }

    private static void assertScore(Accuracy expected, String... options) {
        String[] score = {"score", "--model", tiny, "--task", "winogrande", "--data", folder.toString()};
        String[] arguments = with(score, options);
        JsonObject json = succeed(with(arguments, "--json")).json();
        assertEquals(List.of("task", "items", "accuracy", "standardError"), List.copyOf(json.keySet()));
        assertEquals("winogrande", json.get("task").getAsString());
        assertEquals(expected.items(), json.get("items").getAsInt());
        assertEquals(expected.value(), json.get("accuracy").getAsDouble());
        assertEquals(expected.standardError().getAsDouble(), json.get("standardError").getAsDouble());
        assertEquals(
                String.format(Locale.ROOT,
                        "accuracy %.4f (standard error %.4f over %d items of winogrande)\n",
                        expected.value(), expected.standardError().getAsDouble(), expected.items()),
                succeed(arguments).out());
    }

    @Test
    void oneItemIsScoredWithoutAStandardError() {
        String[] arguments = {
            "score", "--model", tiny, "--task", "winogrande", "--data", folder.toString(), "--limit", "1"
        };
        JsonObject json = succeed(with(arguments, "--json")).json();
        assertEquals(List.of("task", "items", "accuracy", "standardError"), List.copyOf(json.keySet()));
        assertTrue(json.get("standardError").isJsonNull());
        String line = succeed(arguments).out();
        assertTrue(line.matches("accuracy [01]\\.0000 \\(all alike, so no standard error over 1 item of winogrande\\)\n"), line);
    }

    @Test
    void nextShowsTheLikeliestTokens() {
        String[] next = {"next", "--model", tiny, "--prompt", "the man", "--top", "3"};
        String[] arguments = with(next, PRUNE_TWO);
        JsonObject json = succeed(with(arguments, "--json")).json();
        assertEquals(List.of("prompt", "ids", "top"), List.copyOf(json.keySet()));
        assertEquals("the man", json.get("prompt").getAsString());
        try (CausalLM model = CausalLM.load(Checkpoints.open(tiny))) {
            int[] ids = model.tokenizer().encode("the man");
            assertEquals(Arrays.toString(ids).replace(" ", ""), json.get("ids").toString());
            List<NextToken> expected = NextToken.top(model, ids, TWO_PRUNED, 3);
            JsonArray top = json.getAsJsonArray("top");
            assertEquals(3, top.size());
            for (int i = 0; i < 3; i++) {
                JsonObject token = top.get(i).getAsJsonObject();
                assertEquals(List.of("id", "token", "probability"), List.copyOf(token.keySet()));
                assertEquals(expected.get(i).id(), token.get("id").getAsInt());
                assertEquals(model.tokenizer().decode(expected.get(i).id()), token.get("token").getAsString());
                assertEquals(expected.get(i).probability(), token.get("probability").getAsFloat());
            }
        }
        List<String> lines = succeed(arguments).out().lines().toList();
        assertEquals(3, lines.size());
        lines.forEach(line -> assertTrue(line.matches(" *\\d\\.\\d{4} +\\d+  '.+'"), line));
    }

    @Test
    void nextShowsTenTokensAndAtMostTheVocabulary() {
        assertEquals(10, succeed("next", "--model", tiny, "--prompt", "a").out().lines().count());
        assertEquals(
                RandomLlama.TOKENS.size(),
                succeed("next", "--model", tiny, "--prompt", "a", "--top", "1000").out().lines().count());
    }

    @Test
    void nextRunsAHuggingFaceFolderAndSaysNothingElse() {
        Path golden = Path.of(
                System.getProperty("superweight.home"), "src/test/resources/golden/llama/tied-bf16-sharded");
        Console console = succeed("next", "--model", golden + "/", "--prompt", "the hand", "--json");
        assertEquals(10, console.json().getAsJsonArray("top").size());
        assertEquals(1, console.json().getAsJsonArray("ids").get(0).getAsInt(), "the token that begins every text");
        assertEquals("", console.err());
    }

    @Test
    void generateGoesOnFromThePrompt() {
        String[] generate = {"generate", "--model", tiny, "--prompt", "the man", "--tokens", "6", "--ignore-end"};
        String[] arguments = with(generate, PRUNE_TWO);
        JsonObject json = succeed(with(arguments, "--json")).json();
        assertEquals(List.of("prompt", "promptIds", "ids", "text"), List.copyOf(json.keySet()));
        try (CausalLM model = CausalLM.load(Checkpoints.open(tiny))) {
            int[] ids = model.tokenizer().encode("the man");
            Generation expected = Generation.greedy(model, ids, TWO_PRUNED, 6, OptionalInt.empty(), Progress.NONE);
            assertEquals("the man", json.get("prompt").getAsString());
            assertEquals(expected.promptIds(), integers(json.get("promptIds")));
            assertEquals(expected.ids(), integers(json.get("ids")));
            assertEquals(6, integers(json.get("ids")).size());
            assertEquals(expected.text(), json.get("text").getAsString());
            assertTrue(expected.text().startsWith("the man"));
            assertEquals(expected.text() + "\n", succeed(arguments).out());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"next", "generate"})
    void bosIsTheModelsOwnRuleUnlessTheUserSaysOtherwise(String command) {
        String[] arguments = {command, "--model", tiny, "--prompt", "a", "--json"};
        String ids = command.equals("next") ? "ids" : "promptIds";
        assertEquals(List.of(2), integers(succeed(arguments).json().get(ids)));
        assertEquals(List.of(2), integers(succeed(with(arguments, "--bos", "no")).json().get(ids)));
        assertEquals(List.of(2), integers(succeed(with(arguments, "--bos", "auto")).json().get(ids)));
        List<Integer> withBos = List.of(RandomLlama.BOS, 2);
        assertEquals(withBos, integers(succeed(with(arguments, "--bos", "yes")).json().get(ids)));
    }

    /** Some programs take an argument with @ for a file of more arguments. */
    @Test
    void aPromptMayBeginWithAnAtSign() throws IOException {
        Path file = Files.writeString(folder.resolve("arguments"), "--no-such-option");
        JsonObject json = succeed("next", "--model", tiny, "--prompt", "@" + file, "--json").json();
        assertEquals("@" + file, json.get("prompt").getAsString());
    }

    @Test
    void theEmbeddedModelIsTheDefaultAndKnowsItsOwnBeginning() {
        String prompt = "The quick brown fox \u00e9\u4e2d";
        JsonObject plain = succeed("next", "--prompt", prompt, "--json", "--top", "1").json();
        JsonObject begun = succeed("next", "--prompt", prompt, "--json", "--top", "1", "--bos", "yes").json();
        assertEquals(prompt, plain.get("prompt").getAsString());
        List<Integer> expected = new ArrayList<>(List.of(1)); // <|im_start|>
        expected.addAll(integers(plain.get("ids")));
        assertEquals(expected, integers(begun.get("ids")));
    }

    @Test
    void perplexityOfTheBundledTextNeedsNoDataSet() {
        JsonObject json = succeed(
                "perplexity", "--dataset", "bundled", "--window", "64", "--windows", "2", "--threads", "2", "--json")
                .json();
        assertTrue(json.get("perplexity").getAsDouble() > 5, json::toString);
        assertTrue(json.get("perplexity").getAsDouble() < 200, json::toString);
    }

    @Test
    void whatIsOddInAModelFileIsSaidOnStderrAndDoesNoHarm() throws IOException {
        Path odd = folder.resolve("odd.gguf");
        Files.copy(Path.of(tiny), odd);
        Files.write(odd, new byte[64], StandardOpenOption.APPEND);
        Console console = Console.run("next", "--model", odd.toString(), "--prompt", "a", "--json");
        assertEquals(0, console.exitCode(), console::err);
        assertEquals(1, console.err().lines().count(), console::err);
        assertTrue(console.err().contains("odd.gguf"), console::err);
        console.json();
    }

    @Test
    void verdictsAreShownBesideTheirClaims() {
        assertTrue(succeed("verdicts", "--format", "csv").out().lines().count() > 1);
        assertTrue(succeed("verdicts", "--format", "markdown").out().startsWith("|"));
        assertTrue(succeed("verdicts").out().lines().count() > 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "describe", "find", "perplexity", "sweep", "score", "next", "generate", "verdicts"})
    void everyCommandHasHelp(String command) {
        Stream<String> words = Stream.of(command, "--help").filter(word -> !word.isEmpty());
        Console console = succeed(words.toArray(String[]::new));
        assertTrue(console.out().startsWith(("Usage: superweight " + command).strip()), console::out);
    }

    @Test
    void noArgumentsAtAllGiveTheHelpOnStderr() {
        Console console = Console.run();
        assertEquals(2, console.exitCode());
        assertEquals("", console.out());
        assertEquals(Console.run("--help").out(), console.err());
    }

    private static Console succeed(String... arguments) {
        Console console = Console.run(arguments);
        assertEquals(0, console.exitCode(), console::err);
        assertEquals("", console.err());
        return console;
    }

    private static List<Integer> integers(JsonElement array) {
        return array.getAsJsonArray().asList().stream().map(JsonElement::getAsInt).toList();
    }

    private static String[] with(String[] words, String... more) {
        return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray(String[]::new);
    }
}
