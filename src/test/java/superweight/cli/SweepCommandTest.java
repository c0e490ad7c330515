package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static superweight.cli.Refused.assertRefused;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.Tokenizer.Bos;

/** One perplexity per factor, whatever the other factors do. */
class SweepCommandTest {
    private static final String TEXT = "the man and the land ".repeat(4);

    /** The weight of layer 0 at [2, 3] is so large that a factor within float32 takes it out of it. */
    private static final RandomLlama LARGE =
            RandomLlama.small().scaled("model.layers.0.mlp.down_proj.weight", 2 * 40 + 3, 1000);

    @TempDir
    private static Path folder;

    @BeforeAll
    static void writeModelsAndText() throws IOException {
        RandomLlama.small().writeTo(folder.resolve("tiny.gguf"));
        LARGE.writeTo(folder.resolve("large.gguf"));
        Files.writeString(folder.resolve("text.txt"), TEXT);
    }

    @Test
    void onTheEmbeddedModelEveryFactorIsAsIfAlone() {
        List<Double> factors = List.of(0.0, 0.5, 1.0, 2.0);
        JsonObject json = succeed("sweep --at 11:507:1229 --factors 0,0.5,1,2 --dataset bundled"
                + " --window 128 --windows 3 --bos yes --json").json();
        CausalLM model = TestModel.smollm2();
        int[] ids = model.tokenizer().encode(EvaluationText.bundled().text(), Bos.YES);
        List<int[]> windows = Perplexity.windows(ids, 128).subList(0, 3);
        List<Double> expected = eachAlone(model, windows, List.of(new Coordinate(11, 507, 1229)), factors);
        assertTrue(expected.get(0) > 3 * expected.get(2), expected::toString);
        assertPoints(factors, expected, json);
    }

    @Test
    void allWeightsAreScaledTogetherAndTheOrderIsTheUsers() {
        String sweep = "sweep --model TINY --at 1:2:3 --at 0:23:39 --factors 2,-30,0.25,1 --text TEXT --window 16";
        List<Double> factors = List.of(2.0, -30.0, 0.25, 1.0);
        List<Double> expected = eachAlone(
                RandomLlama.small(), List.of(new Coordinate(1, 2, 3), new Coordinate(0, 23, 39)), factors);
        assertEquals(4, expected.stream().distinct().count(), "every factor matters here");
        assertPoints(factors, expected, succeed(sweep + " --json").json());
        double smallest = expected.stream().min(Double::compare).orElseThrow();
        List<String> lines = succeed(sweep).out().lines().map(line -> line.strip().replaceAll(" +", " ")).toList();
        List<String> table = new ArrayList<>(List.of("factor perplexity x smallest"));
        for (int i = 0; i < 4; i++) {
            table.add(String.format(
                    Locale.ROOT, "%s %.4f %.4f", factors.get(i), expected.get(i), expected.get(i) / smallest));
        }
        table.add("x smallest: times the smallest perplexity of these; over 60 tokens in 4 windows of 16");
        assertEquals(table, lines);
    }

    @Test
    void aFactorThatLeavesFloat32LosesNoOther() {
        String sweep = "sweep --model FOLDER/large.gguf --at 0:2:3 --factors 1,3e38,0,2e38 --text TEXT --window 16";
        List<Double> finite = eachAlone(LARGE, List.of(new Coordinate(0, 2, 3)), List.of(1.0, 0.0));
        Console json = Console.run(words(sweep + " --json"));
        List<JsonElement> points = json.json().getAsJsonArray("points").asList();
        assertEquals(finite.get(0), perplexity(points.get(0)).getAsDouble(), 1e-5 * finite.get(0));
        assertTrue(perplexity(points.get(1)).isJsonNull(), json::out);
        assertEquals(finite.get(1), perplexity(points.get(2)).getAsDouble(), 1e-5 * finite.get(1));
        assertTrue(perplexity(points.get(3)).isJsonNull(), json::out);
        Console table = Console.run(words(sweep));
        List<String> overflows = table.out().lines().filter(line -> line.contains("overflow")).toList();
        assertEquals(List.of("3.0E38    overflow           -", "2.0E38    overflow           -"), overflows);
        for (Console console : List.of(json, table)) {
            assertEquals(0, console.exitCode());
            assertEquals(
                    "superweight: There is no perplexity at factor 3.0E38 and 2.0E38:"
                            + " the model's activations leave the range of float32.\n",
                    console.err());
        }
    }

    @ParameterizedTest
    @MethodSource({"places", "factors"})
    void refusesInOneSentenceWithExitCode2(Refused refused) {
        assertRefused(refused.says(), 2, Console.run(words(refused.line())));
    }

    static Stream<Refused> places() {
        return Stream.of(
                        new Refused("", "'--at=L:R:C'"),
                        new Refused("--at", "'--at' (L:R:C)"),
                        new Refused("--at 1:2", "'1:2' is not of the form layer:row:column"),
                        new Refused("--at 1:2:3=0", "'1:2:3=0' is not of the form layer:row:column"),
                        new Refused("--at 1:2:3 --at -1:2:3", "'-1:2:3' is not of the form layer:row:column"),
                        new Refused("--at 1:2:3 --at 0:0:0 --at 01:2:3", "names layer 1 [2, 3] twice"),
                        new Refused("--at 3:2:3", "There is no layer 3"),
                        new Refused("--at 1:24:3", "There is no row (output channel) 24"),
                        new Refused("--at 0:0:0 --at 1:2:40", "There is no column (input channel) 40"),
                        // Refused before the model is loaded; its windows would be refused, too.
                        new Refused("--at 3:2:3 --windows 0", "There is no layer 3"),
                        new Refused("--at 1:2:3 --scale 1:2:3=0", "'--scale'"))
                .map(places -> new Refused(
                        "sweep --model TINY --text TEXT --window 8 --factors 0,1 " + places.line(), places.says()));
    }

    static Stream<Refused> factors() {
        return Stream.of(
                        new Refused("", "'--factors=F,F...'"),
                        new Refused("--factors", "'--factors'"),
                        new Refused("--factors ''", "The factor '' in --factors '' is not a number"),
                        new Refused("--factors 0,x", "The factor 'x' in --factors '0,x' is not a number"),
                        new Refused("--factors 0,,1", "The factor '' in --factors '0,,1' is not a number"),
                        new Refused("--factors 0,1,", "The factor '' in --factors '0,1,' is not a number"),
                        new Refused("--factors 0;1", "'0;1' is not a number"),
                        new Refused("--factors 0 1", "'1'"),
                        new Refused("--factors 0,NaN", "The factor 'NaN' in --factors '0,NaN' must be a finite number"),
                        new Refused("--factors -Infinity", "must be a finite number"),
                        new Refused("--factors 1,1e39", "The factor '1e39' in --factors '1,1e39' must be a finite"),
                        new Refused("--factors 0.5,1,0.50", "'0.5,1,0.50' names 0.5 twice"),
                        new Refused("--factors 0,-0", "'0,-0' names -0.0 twice"),
                        new Refused("--factors 0 --factors 1", "'--factors'"))
                .map(factors -> new Refused(
                        "sweep --model TINY --text TEXT --window 8 --at 1:2:3 " + factors.line(), factors.says()));
    }

    private static List<Double> eachAlone(RandomLlama tiny, List<Coordinate> places, List<Double> factors) {
        try (CausalLM model = tiny.load()) {
            return eachAlone(model, Perplexity.windows(model.tokenizer().encode(TEXT), 16), places, factors);
        }
    }

    private static List<Double> eachAlone(
            CausalLM model, List<int[]> windows, List<Coordinate> places, List<Double> factors) {
        return factors.stream()
                .map(factor -> new Condition(
                        "alone", places.stream().map(place -> Intervention.scale(place, factor)).toList()))
                .map(alone -> Perplexity.measure(model, windows, alone, Progress.NONE).requireFinite().value())
                .toList();
    }

    private static void assertPoints(List<Double> factors, List<Double> expected, JsonObject json) {
        assertEquals(List.of("points", "of"), List.copyOf(json.keySet()));
        assertFalse(json.getAsJsonObject("of").getAsJsonArray("weights").isEmpty());
        List<JsonElement> points = json.getAsJsonArray("points").asList();
        assertEquals(factors.size(), points.size());
        for (int i = 0; i < factors.size(); i++) {
            assertEquals(List.of("factor", "perplexity"), List.copyOf(points.get(i).getAsJsonObject().keySet()));
            assertEquals(factors.get(i), points.get(i).getAsJsonObject().get("factor").getAsDouble());
            assertEquals(expected.get(i), perplexity(points.get(i)).getAsDouble(), 1e-5 * expected.get(i));
        }
    }

    private static JsonElement perplexity(JsonElement point) {
        return point.getAsJsonObject().get("perplexity");
    }

    private static Console succeed(String line) {
        Console console = Console.run(words(line));
        assertEquals(0, console.exitCode(), console::err);
        assertEquals("", console.err());
        return console;
    }

    private static String[] words(String line) {
        return Refused.words(line, folder);
    }
}
