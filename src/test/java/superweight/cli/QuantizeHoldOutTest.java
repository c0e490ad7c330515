package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static superweight.cli.Refused.assertRefused;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import superweight.checkpoint.RandomLlama;
import superweight.find.Planted;
import superweight.model.Coordinate;
import superweight.model.LinearLayer;

/** Weights that quantize keeps, and weights that it cannot write. */
class QuantizeHoldOutTest {
    private static final Coordinate SUPER_WEIGHT = new Coordinate(2, 5, 17);
    private static final RandomLlama UNPLANTED = Planted.random(10, 5);

    @TempDir
    private Path folder;

    @Test
    void theSuperWeightsThatAreFoundAreHeldOutUnlessOthersAreNamed() {
        Planted.plant(UNPLANTED, SUPER_WEIGHT, 1500).writeTo(folder.resolve("tiny.gguf"));
        Console found = run("--output FOLDER/found");
        assertEquals("", found.err());
        assertEquals(List.of("2:5:17"), heldOut(found));
        assertEquals(List.of(), heldOut(run("--hold-out none --output FOLDER/none")));
        assertEquals(List.of("1:3:2", "9:0:1"), heldOut(run("--hold-out 9:0:1,1:3:2 --output FOLDER/two")));
    }

    @Test
    void whereNoSuperWeightIsFoundItIsSaidThatNoneIsHeldOut() {
        UNPLANTED.writeTo(folder.resolve("tiny.gguf"));
        Console console = run("--output FOLDER/out");
        assertEquals("superweight: No super weight was found, so none is held out.\n", console.err());
        assertEquals(List.of(), heldOut(console));
    }

    @Test
    void aValueThatTheTypeOfTheFileDoesNotHoldIsNotSilentlyAnother() {
        withWeight(1.01f);
        assertEquals("", run("--hold-out 1:2:3 --output FOLDER/exact").err());
        assertEquals(
                "superweight: The weight held out at 1:2:3 is 1.01, which bfloat16 does not hold: 1.0078125 is written.\n",
                run("--hold-out 1:2:3 --dtype bfloat16 --output FOLDER/rounded").err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "1e6      | float16 | is beyond the largest number of float16.",
        "NaN      | float32 | Only finite numbers can be quantized",
        "Infinity | float32 | Only finite numbers can be quantized"})
    void aMatrixThatCannotBeWrittenIsNamedAndNothingIsLeft(float value, String type, String says) throws IOException {
        withWeight(value);
        Console console = Console.run(words("--hold-out none --dtype " + type + " --output FOLDER/out"));
        assertRefused("tiny.gguf, " + LinearLayer.DOWN_PROJ.weightName(1) + " cannot be quantized: ", 2, console);
        assertRefused(says, 2, console);
        assertFalse(Files.exists(folder.resolve("out")));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(folder.resolve("tiny.gguf")), files.toList());
        }
    }

    /** A random model whose down_proj of layer 1 has a number at [2, 3]. */
    private void withWeight(float value) {
        RandomLlama small = RandomLlama.small();
        String name = LinearLayer.DOWN_PROJ.weightName(1);
        float[] values = small.weights().get(name).clone();
        values[2 * small.config().intermediateSize() + 3] = value;
        small.with(name, values).writeTo(folder.resolve("tiny.gguf"));
    }

    private static List<String> heldOut(Console console) {
        JsonArray heldOut = console.json().getAsJsonArray("heldOut");
        return StreamSupport.stream(heldOut.spliterator(), false)
                .map(JsonElement::getAsJsonObject)
                .map(weight -> weight.get("layer") + ":" + weight.get("row") + ":" + weight.get("column"))
                .toList();
    }

    private Console run(String options) {
        Console console = Console.run(words(options + " --json"));
        assertEquals(0, console.exitCode(), console::err);
        return console;
    }

    private String[] words(String options) {
        return Refused.words("quantize --model TINY --bits 4 --block 16 " + options, folder);
    }
}
