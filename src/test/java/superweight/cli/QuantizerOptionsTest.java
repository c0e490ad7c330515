package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.google.gson.JsonPrimitive;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.InvalidInputException;
import superweight.quantize.Blocks;
import superweight.quantize.Clip;

/** Block sizes and clipping as they are typed. */
class QuantizerOptionsTest {
    @ParameterizedTest
    @MethodSource("clips")
    void everyWayOfClippingIsReadAndKeepsItsName(String typed, Clip clip) {
        assertEquals(clip, ClipOption.parse(typed).clip());
        assertEquals(typed, ClipOption.parse(typed).toString());
    }

    static Stream<Arguments> clips() {
        return Stream.of(
                arguments("none", new Clip.None()),
                arguments("z=9", new Clip.MagnitudeDeviations(9)),
                arguments("sigma=6.5", new Clip.Deviations(6.5)),
                arguments("block=1e-5", new Clip.BlockShare(1e-5)),
                arguments("tensor=0.000001", new Clip.TensorShare(1e-6)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''      | --clip '' is not of one of the forms none, z=9",
        "None    | --clip 'None' is not of one of the forms",
        "z       | --clip 'z' is not of one of the forms",
        "zz=9    | --clip 'zz=9' is not of one of the forms",
        "=9      | --clip '=9' is not of one of the forms",
        "none=1  | --clip 'none=1' is not of one of the forms",
        "z=      | In --clip 'z=', '' is not a number",
        "z=9=9   | In --clip 'z=9=9', '9=9' is not a number",
        "z=-1    | clipped at z > 0, not at -1.0",
        "sigma=0 | clipped at sigma > 0, not at 0.0",
        "z=NaN   | not at NaN",
        "block=1 | must be between 0 and 1, but it is 1.0",
        "tensor=0| must be between 0 and 1, but it is 0.0"})
    void aClipThatIsNoneIsRefusedInOneSentence(String typed, String says) {
        String sentence = assertThrows(InvalidInputException.class, () -> ClipOption.parse(typed)).getMessage();
        assertTrue(sentence.contains(says) && sentence.endsWith("."), sentence);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "128, 128", "2147483647, 2147483647"})
    void aNumberIsTheLengthOfRuns(String typed, int length) {
        BlockOption block = BlockOption.parse(typed, "--block");
        assertEquals(new Blocks.Runs(length), block.blocks());
        assertEquals(new JsonPrimitive(length), block.json());
        assertEquals(typed, block.toString());
    }

    @Test
    void tensorIsTheWholeMatrix() {
        BlockOption block = BlockOption.parse("tensor", "--block");
        assertEquals(new Blocks.Whole(), block.blocks());
        assertEquals(new JsonPrimitive("tensor"), block.json());
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "''", "1.5", "Tensor", "2147483648", "128x128"})
    void anotherBlockSizeIsRefusedInOneSentence(String typed) {
        String sentence = assertThrows(
                InvalidInputException.class, () -> BlockOption.parse(typed, "--blocks '64," + typed + "'")).getMessage();
        assertEquals("The block size '" + typed + "' in --blocks '64," + typed + "' is neither a whole number of"
                + " weights from 1 to 2147483647 nor 'tensor'.", sentence);
    }
}
