package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.checkpoint.RandomLlama;
import superweight.find.Planted;
import superweight.model.Coordinate;

/** {@code superweight find} as a user types it. */
class FindCommandTest {
    private static final Coordinate PLANT = new Coordinate(1, 3, 7);
    private static final String PROMPT = "the man and";

    @TempDir
    private static Path folder;

    private static String planted;
    private static String ordinary;

    @BeforeAll
    static void writeModels() {
        RandomLlama model = Planted.random(5, 1);
        ordinary = model.writeTo(folder.resolve("ordinary.gguf")).toString();
        planted = Planted.plant(model, PLANT, 5000).writeTo(folder.resolve("planted.gguf")).toString();
    }

    @Test
    void theDocumentNamesTheWeightItsEvidenceAndTheProfile() {
        JsonObject json = succeed(planted, "--prompt", PROMPT, "--json").json();
        assertEquals(List.of("model", "prompts", "superWeights", "erasers", "profile"), List.copyOf(json.keySet()));
        assertEquals(planted, json.get("model").getAsString());
        assertEquals(PROMPT, json.getAsJsonArray("prompts").get(0).getAsString());
        assertEquals(1, json.getAsJsonArray("superWeights").size());
        JsonObject found = json.getAsJsonArray("superWeights").get(0).getAsJsonObject();
        assertTrue(found.keySet().containsAll(
                Set.of("layer", "row", "column", "weight", "input", "output", "token", "share")));
        assertEquals(PLANT, coordinate(found));
        double product = found.get("weight").getAsDouble() * found.get("input").getAsDouble();
        assertEquals(product / found.get("output").getAsDouble(), found.get("share").getAsDouble(), 1e-6);
        assertEquals(1, found.get("rankInMatrix").getAsInt());
        assertTrue(found.get("perplexityRatio").isJsonNull());
        assertEquals(0, json.getAsJsonArray("erasers").size());
        JsonArray profile = json.getAsJsonArray("profile");
        assertEquals(5, profile.size());
        JsonObject layer = profile.get(PLANT.layer()).getAsJsonObject();
        assertEquals(
                List.of("layer", "inMax", "inToken", "inChannel", "outMax", "outToken", "outChannel"),
                List.copyOf(layer.keySet()));
        assertEquals(found.get("output").getAsDouble(), layer.get("outMax").getAsDouble());
        assertEquals(PLANT.row(), layer.get("outChannel").getAsInt());
    }

    @Test
    void theLinesSayTheSameToAPerson() {
        List<String> lines = succeed(planted, "--prompt", PROMPT).out().lines().toList();
        assertEquals(2, lines.size());
        assertTrue(lines.get(0).startsWith("super weight  1:3:7 = "), lines.get(0));
        assertTrue(lines.get(0).contains("(rank 1 in its matrix)"), lines.get(0));
        assertTrue(lines.get(1).startsWith("super activation "), lines.get(1));
    }

    @Test
    void nothingFoundIsAnAnswer() {
        assertEquals("no super weight found\n", succeed(ordinary, "--prompt", PROMPT).out());
        JsonObject json = succeed(ordinary, "--prompt", PROMPT, "--json").json();
        assertEquals(0, json.getAsJsonArray("superWeights").size());
        assertEquals(5, json.getAsJsonArray("profile").size());
    }

    @Test
    void withoutAPromptThePapersIsSearchedOn() {
        JsonObject json = succeed(planted, "--json").json();
        assertEquals("Apple Inc. is a worldwide tech company.",
                json.getAsJsonArray("prompts").get(0).getAsString());
    }

    @Test
    void severalPromptsHaveToAgree() {
        Console console = succeed(planted, "--prompt", PROMPT, "--prompt", "a thin hand", "--prompt", "no");
        assertTrue(console.out().contains("; 3 of 3 prompts"), console.out());
        JsonObject json = succeed(planted, "--prompt", PROMPT, "--prompt", "no", "--json").json();
        assertEquals(2, json.getAsJsonArray("superWeights").get(0).getAsJsonObject().get("prompts").getAsInt());
        JsonObject alone = succeed(planted, "--prompt", PROMPT, "--json").json();
        assertEquals(alone.getAsJsonArray("profile"), json.getAsJsonArray("profile"), "the first prompt's");
    }

    @Test
    void onlyTheLayersAskedForAreSearched() {
        JsonObject json = succeed(planted, "--prompt", PROMPT, "--layers", "1..2", "--json").json();
        assertEquals(2, json.getAsJsonArray("profile").size());
        assertEquals(1, json.getAsJsonArray("profile").get(0).getAsJsonObject().get("layer").getAsInt());
        assertEquals(PLANT, coordinate(json.getAsJsonArray("superWeights").get(0).getAsJsonObject()));
        assertEquals("no super weight found\n", succeed(planted, "--prompt", PROMPT, "--layers", "2..4").out());
    }

    @Test
    void perplexityWithoutTheWeightIsMeasuredWhereAskedFor() {
        Console console = succeed(planted, "--prompt", PROMPT, "--perplexity");
        assertTrue(console.out().matches("(?s).*; alone removed: perplexity x \\d+\\.\\d\\d\n.*"), console.out());
        JsonObject json = succeed(planted, "--prompt", PROMPT, "--perplexity", "--json").json();
        double ratio = json.getAsJsonArray("superWeights").get(0).getAsJsonObject().get("perplexityRatio").getAsDouble();
        assertTrue(ratio > 0 && ratio != 1, "ratio " + ratio);
    }

    @ParameterizedTest
    @MethodSource
    void refusesWhatCannotBeSearchedInOneSentence(List<String> options, String sentence) {
        Console console = Console.run(arguments(planted, options.toArray(String[]::new)));
        assertEquals(2, console.exitCode());
        assertEquals("", console.out());
        assertEquals("superweight: " + sentence + "\n", console.err());
    }

    static Stream<Arguments> refusesWhatCannotBeSearchedInOneSentence() {
        return Stream.of(
                Arguments.of(List.of("--layers", "0-3"), "The layers '0-3' are not of the form first..last"
                        + " (two whole numbers, such as 0..7)."),
                Arguments.of(List.of("--layers", "3..1"),
                        "The layers 3..1 must run from a first to a last that is not before it."),
                Arguments.of(List.of("--layers", "0..5"), "There is no layer 5: this model's run from 0 to 4."),
                Arguments.of(List.of("--prompt", ""), "The prompt is empty: the model needs a token to be searched on."));
    }

    private static Coordinate coordinate(JsonObject weight) {
        return new Coordinate(
                weight.get("layer").getAsInt(), weight.get("row").getAsInt(), weight.get("column").getAsInt());
    }

    private static Console succeed(String model, String... options) {
        Console console = Console.run(arguments(model, options));
        assertEquals(0, console.exitCode(), console.err());
        assertFalse(console.out().isEmpty());
        return console;
    }

    private static String[] arguments(String model, String... options) {
        return Stream.concat(Stream.of("find", "--model", model), Arrays.stream(options)).toArray(String[]::new);
    }
}
