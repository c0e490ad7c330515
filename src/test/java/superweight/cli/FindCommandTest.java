package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import superweight.Progress;
import superweight.checkpoint.Checkpoints;
import superweight.checkpoint.RandomLlama;
import superweight.find.DetectionPrompts;
import superweight.find.Evidence;
import superweight.find.Finding.Role;
import superweight.find.Findings;
import superweight.find.LayerProfile;
import superweight.find.Planted;
import superweight.find.PruningCost;
import superweight.find.SuperWeightFinder;
import superweight.measure.EvaluationText;
import superweight.model.CausalLM;
import superweight.model.Coordinate;

/** What {@code find} prints of a tiny model with two super weights and an eraser. */
class FindCommandTest {
    private static final int LAYERS = 10;
    private static final String PROMPT = Planted.PROMPT;
    private static final Coordinate WEAKER = new Coordinate(2, 5, 17);
    private static final Coordinate STRONGER = new Coordinate(3, 7, 20);

    private static final List<String> FIELDS = List.of(
            "layer", "row", "column", "weight", "input", "output", "token", "share", "timesMedian", "rankInMatrix",
            "zScoreInRow", "written", "loss", "prompts", "perplexityRatio");

    private static final RandomLlama RANDOM = Planted.random(LAYERS, 5);
    private static final RandomLlama TWO = Planted.plant(Planted.plant(RANDOM, WEAKER, 500), STRONGER, 1500);
    private static final Coordinate ERASER =
            Planted.atTheSuperActivation(TWO, 8, STRONGER.row(), STRONGER.row());

    @TempDir
    private static Path folder;

    private static String planted;
    private static String unplanted;

    @BeforeAll
    static void writeModels() {
        unplanted = RANDOM.writeTo(folder.resolve("unplanted.gguf")).toString();
        RandomLlama three = Planted.plantShare(TWO, ERASER, STRONGER.row(), -0.5);
        planted = three.writeTo(folder.resolve("planted.gguf")).toString();
    }

    @Test
    void theJsonDocumentHoldsWhatTheFinderFinds() {
        JsonObject json = find(PROMPT, "--json").json();
        assertEquals(
                List.of("model", "prompts", "superWeights", "erasers", "profile", "layers"),
                List.copyOf(json.keySet()));
        assertEquals("{\"first\":0,\"last\":9,\"lastRun\":9,\"count\":10}", json.get("layers").toString());
        assertEquals(planted, json.get("model").getAsString());
        assertEquals(List.of(PROMPT), strings(json.get("prompts")));
        Findings expected = library(PROMPT);
        assertEquals(List.of(STRONGER, WEAKER), expected.superWeights());
        assertWeights(expected, Role.SUPER_WEIGHT, json.get("superWeights"));
        assertWeights(expected, Role.ERASER, json.get("erasers"));
        assertEquals(1, json.getAsJsonArray("erasers").size());
        assertProfile(expected.profile(), json.get("profile"));
    }

    @Test
    void everyFindingHasALineAndTheSuperActivationOneMore() {
        Findings expected = library(PROMPT);
        List<String> lines = find(PROMPT).out().lines().toList();
        assertEquals(7, lines.size(), lines::toString);
        assertTrue(lines.get(0).strip().startsWith("layer:row:column"), lines::toString);
        assertEquals(row("super weight", expected, STRONGER), words(lines.get(1)));
        assertEquals(row("super weight", expected, WEAKER), words(lines.get(2)));
        assertEquals(row("eraser", expected, ERASER), words(lines.get(3)));
        assertTrue(lines.stream().limit(4).allMatch(line -> line.length() == lines.get(0).length()), lines::toString);
        assertEquals(String.format(Locale.ROOT, "super activation %.5g; without all of its super weights %.5g",
                expected.superActivation(), expected.superActivationLeft()), lines.get(6));
    }

    @Test
    void thePapersPromptIsTheDefault() {
        JsonObject json = run("find", "--model", planted, "--json").json();
        assertEquals(List.of(DetectionPrompts.PAPER), strings(json.get("prompts")));
        assertWeights(library(DetectionPrompts.PAPER), Role.SUPER_WEIGHT, json.get("superWeights"));
    }

    /** The values stay the first prompt's. */
    @Test
    void onSeveralPromptsItIsSaidHowManyAgree() {
        List<String> prompts = List.of(PROMPT, "a thin band", "and then the end");
        String[] more = {"--prompt", prompts.get(1), "--prompt", prompts.get(2)};
        JsonObject json = find(PROMPT, with(more, "--json")).json();
        assertEquals(prompts, strings(json.get("prompts")));
        Map<Coordinate, Long> expected = Map.of(
                STRONGER, countOf(STRONGER, prompts), WEAKER, countOf(WEAKER, prompts));
        assertTrue(expected.values().stream().allMatch(count -> count >= 2), expected::toString);
        Findings first = library(PROMPT);
        List<JsonElement> weights = json.getAsJsonArray("superWeights").asList();
        assertEquals(expected.size(), weights.size(), json::toString);
        for (JsonElement each : weights) {
            JsonObject weight = each.getAsJsonObject();
            assertEquals(expected.get(place(weight)), weight.get("prompts").getAsLong());
            assertEquals(
                    first.at(place(weight)).orElseThrow().evidence().output(), weight.get("output").getAsFloat());
        }
        assertProfile(first.profile(), json.get("profile"));
        find(PROMPT, more).out().lines().skip(1).limit(2)
                .forEach(line -> assertTrue(line.matches(".* [23]"), line));
    }

    /** Half of the prompts are enough; the values are the first prompt's, where the weight writes less. */
    @Test
    void aWeightThatOnlyALaterPromptShowsHasTheFirstPromptsValuesAllTheSame() {
        String weak = Planted.plant(RANDOM, WEAKER, 150).writeTo(folder.resolve("weak.gguf")).toString();
        String first = "a";
        JsonObject json = run("find", "--model", weak, "--prompt", first, "--prompt", PROMPT, "--json").json();
        assertEquals(List.of(WEAKER), places(json.get("superWeights")));
        JsonObject weight = json.getAsJsonArray("superWeights").get(0).getAsJsonObject();
        assertEquals(1, weight.get("prompts").getAsInt());
        try (CausalLM model = CausalLM.load(Checkpoints.open(weak))) {
            SuperWeightFinder finder = SuperWeightFinder.of(model);
            int[] ids = model.tokenizer().encode(first);
            assertEquals(List.of(), finder.find(ids, Progress.NONE).superWeights());
            assertEquals(finder.evidence(ids, WEAKER).output(), weight.get("output").getAsFloat());
            assertEquals(finder.evidence(ids, WEAKER).loss(), weight.get("loss").getAsDouble());
        }
    }

    @Test
    void onlyTheLayersAskedForAreSearched() {
        JsonObject json = find(PROMPT, "--layers", "1..2", "--json").json();
        assertEquals(List.of(WEAKER), places(json.get("superWeights")));
        assertEquals(List.of(), places(json.get("erasers")));
        List<Integer> listed = json.getAsJsonArray("profile").asList().stream()
                .map(layer -> layer.getAsJsonObject().get("layer").getAsInt())
                .toList();
        assertEquals(List.of(1, 2), listed);
        assertEquals("{\"first\":1,\"last\":2,\"lastRun\":7,\"count\":10}", json.get("layers").toString());
        assertFalse(find(PROMPT).out().contains("is listed"));
    }

    /** The early four fifths of ten layers end with layer 7. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1..2 | only what lies in layers 1 to 2 is listed; nothing of layers 8 to 9 was looked at
            6..8 | only what lies in layers 6 to 8 is listed; nothing of layer 9 was looked at
            0    | only what lies in layer 0 is listed; nothing of layers 8 to 9 was looked at
            3..9 | only what lies in layers 3 to 9 is listed
            """)
    void theLastLineSaysWhatAnIncompleteListLeavesOut(String layers, String line) {
        List<String> lines = find(PROMPT, "--layers", layers).out().lines().toList();
        assertEquals(line, lines.get(lines.size() - 1));
    }

    @Test
    void oneLayerIsEnoughToSay() {
        Console one = find(PROMPT, "--layers", "2", "--json");
        assertEquals(List.of(WEAKER), places(one.json().get("superWeights")));
        assertEquals(find(PROMPT, "--layers", "2..2", "--json"), one);
    }

    @Test
    void noSuperWeightIsAnAnswerToo() {
        String[] line = {"find", "--model", unplanted, "--prompt", PROMPT};
        assertEquals("no super weight found\n", run(line).out());
        assertEquals("no super weight found\n", run(with(line, "--perplexity")).out());
        JsonObject json = run(with(line, "--json", "--perplexity")).json();
        assertEquals(List.of(), places(json.get("superWeights")));
        assertEquals(List.of(), places(json.get("erasers")));
        assertEquals(LAYERS, json.getAsJsonArray("profile").size());
    }

    @Test
    void thePerplexityWithoutEachWeightIsMeasuredWhereItIsAskedFor() {
        Map<Coordinate, Double> expected = ratios(List.of(STRONGER, WEAKER, ERASER));
        JsonObject json = find(PROMPT, "--perplexity", "--json").json();
        List<String> lines = find(PROMPT, "--perplexity").out().lines().toList();
        List<JsonElement> weights = new ArrayList<>(json.getAsJsonArray("superWeights").asList());
        weights.addAll(json.getAsJsonArray("erasers").asList());
        assertEquals(3, weights.size());
        for (JsonElement each : weights) {
            JsonObject weight = each.getAsJsonObject();
            double ratio = expected.get(place(weight));
            assertEquals(ratio, weight.get("perplexityRatio").getAsDouble(), 1e-9);
            String coordinate = place(weight).layer() + ":" + place(weight).row() + ":" + place(weight).column();
            String end = String.format(Locale.ROOT, " x %8.2f", ratio);
            assertTrue(
                    lines.stream().anyMatch(line -> line.contains("  " + coordinate + " ") && line.endsWith(end)),
                    lines::toString);
        }
    }

    private static Map<Coordinate, Double> ratios(List<Coordinate> places) {
        try (CausalLM model = CausalLM.load(Checkpoints.open(planted))) {
            List<int[]> windows = PruningCost.windows(model, EvaluationText.bundled());
            return PruningCost.perplexityRatios(model, windows, places, Progress.NONE);
        }
    }

    private static void assertWeights(Findings expected, Role role, JsonElement array) {
        assertEquals(
                expected.of(role).stream().map(finding -> finding.evidence().at()).toList(), places(array));
        for (JsonElement each : array.getAsJsonArray()) {
            JsonObject weight = each.getAsJsonObject();
            Evidence evidence = expected.at(place(weight)).orElseThrow().evidence();
            assertEquals(FIELDS, List.copyOf(weight.keySet()));
            assertEquals(evidence.weight(), weight.get("weight").getAsFloat());
            assertEquals(evidence.input(), weight.get("input").getAsFloat());
            assertEquals(evidence.output(), weight.get("output").getAsFloat());
            assertEquals(evidence.token(), weight.get("token").getAsInt());
            assertEquals(evidence.share(), weight.get("share").getAsDouble());
            assertEquals(evidence.timesMedian(), weight.get("timesMedian").getAsDouble());
            assertEquals(evidence.statistics().rankInMatrix(), weight.get("rankInMatrix").getAsInt());
            assertEquals(evidence.statistics().zScoreInRow(), weight.get("zScoreInRow").getAsDouble());
            assertEquals(evidence.written(), weight.get("written").getAsDouble());
            assertEquals(evidence.loss(), weight.get("loss").getAsDouble());
            assertEquals(1, weight.get("prompts").getAsInt());
            assertTrue(weight.get("perplexityRatio").isJsonNull(), "not measured unless asked for");
        }
    }

    private static void assertProfile(List<LayerProfile> expected, JsonElement array) {
        List<String> lines = new ArrayList<>();
        for (LayerProfile layer : expected) {
            lines.add(String.format(Locale.ROOT,
                    "{\"layer\":%d,\"inMax\":%s,\"inToken\":%d,\"inChannel\":%d,"
                            + "\"outMax\":%s,\"outToken\":%d,\"outChannel\":%d}",
                    layer.layer(),
                    layer.input().value(), layer.input().token(), layer.input().channel(),
                    layer.output().value(), layer.output().token(), layer.output().channel()));
        }
        assertEquals(lines, array.getAsJsonArray().asList().stream().map(JsonElement::toString).toList());
    }

    private static String row(String role, Findings expected, Coordinate at) {
        Evidence evidence = expected.at(at).orElseThrow().evidence();
        return words(String.format(Locale.ROOT, "%s %d:%d:%d %.4f %d %.5g %.5g %.0f %% %.0f %d %.0f %% %.0f %%",
                role, at.layer(), at.row(), at.column(), evidence.weight(), evidence.statistics().rankInMatrix(),
                evidence.input(), evidence.output(), 100 * evidence.share(), evidence.timesMedian(), evidence.token(),
                100 * evidence.written(), 100 * evidence.loss()));
    }

    /** A line without its alignment. */
    private static String words(String line) {
        return line.strip().replaceAll(" +", " ");
    }

    private static long countOf(Coordinate at, List<String> prompts) {
        return prompts.stream().filter(prompt -> library(prompt).superWeights().contains(at)).count();
    }

    private static Findings library(String prompt) {
        try (CausalLM model = CausalLM.load(Checkpoints.open(planted))) {
            return SuperWeightFinder.of(model).find(model.tokenizer().encode(prompt), Progress.NONE);
        }
    }

    private static Coordinate place(JsonObject weight) {
        return new Coordinate(
                weight.get("layer").getAsInt(), weight.get("row").getAsInt(), weight.get("column").getAsInt());
    }

    private static List<Coordinate> places(JsonElement array) {
        return array.getAsJsonArray().asList().stream().map(each -> place(each.getAsJsonObject())).toList();
    }

    private static List<String> strings(JsonElement array) {
        return array.getAsJsonArray().asList().stream().map(JsonElement::getAsString).toList();
    }

    private static Console find(String prompt, String... options) {
        return run(with(new String[] {"find", "--model", planted, "--prompt", prompt}, options));
    }

    private static Console run(String... arguments) {
        Console console = Console.run(arguments);
        assertEquals(0, console.exitCode(), console::err);
        assertEquals("", console.err());
        return console;
    }

    private static String[] with(String[] words, String... more) {
        return Stream.concat(Arrays.stream(words), Arrays.stream(more)).toArray(String[]::new);
    }
}
