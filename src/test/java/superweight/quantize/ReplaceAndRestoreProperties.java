package superweight.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import superweight.InvalidInputException;
import superweight.model.TensorMap;

/** Activations quantized without their super activation, held to loops over float arrays. */
@PropertyDefaults(edgeCases = EdgeCasesMode.MIXIN)
class ReplaceAndRestoreProperties {
    /** One text's activations in row-major order. */
    record Tensor(int tokens, int channels, float[] values) {
        @Override
        public String toString() {
            return tokens + " x " + channels + " " + Arrays.toString(values);
        }

        float[] token(int at) {
            return Arrays.copyOfRange(values, at * channels, (at + 1) * channels);
        }
    }

    @Property(tries = 400)
    void aPlainLoopFindsTheSame(
            @ForAll("tensors") Tensor tensor,
            @ForAll("outliers") Outlier outlier,
            @ForAll StandIn standIn,
            @ForAll("blocks") Blocks blocks) {
        int place = place(outlier, tensor);
        float[] without = replaced(tensor, place, standIn);
        float[] expected = new float[without.length];
        double[] tolerance = new double[without.length];
        Rounding rounding = new Rounding.AbsMax(127);
        for (int[] block : PlainQuantizer.cut(blocks, tensor.tokens(), tensor.channels())) {
            float[] values = PlainQuantizer.at(block, without);
            float[] rounded = PlainQuantizer.round(rounding, values);
            for (int i = 0; i < block.length; i++) {
                expected[block[i]] = rounded[i];
                tolerance[block[i]] = PlainQuantizer.fourUlp(values);
            }
        }
        float[] found = apply(held(outlier, standIn, blocks), tensor);
        for (int i = 0; i < found.length; i++) {
            if (i != place) {
                assertEquals(expected[i], found[i], tolerance[i], "element " + i);
            }
        }
        assertEquals(tensor.values()[place], found[place], "the super activation, bit by bit");
    }

    @Property(tries = 300)
    void restoringChangesNoOtherScalarThanTheSuperActivation(
            @ForAll("tensors") Tensor tensor,
            @ForAll("outliers") Outlier outlier,
            @ForAll StandIn standIn,
            @ForAll("blocks") Blocks blocks) {
        int place = place(outlier, tensor);
        Tensor without = new Tensor(tensor.tokens(), tensor.channels(), replaced(tensor, place, standIn));
        float[] expected = apply(W8A8.symmetric(blocks), without);
        expected[place] = tensor.values()[place];
        assertArrayEquals(expected, apply(held(outlier, standIn, blocks), tensor));
    }

    /** It is written over afterwards: while it stands there it only must not be an extreme. */
    @Property(tries = 200)
    void whatStandsInDoesNotMatterWhileItIsNoExtreme(
            @ForAll("tensors") Tensor tensor, @ForAll("blocks") Blocks blocks) {
        int place = place(new Outlier.Largest(), tensor);
        float[] others = replaced(tensor, place, StandIn.MEDIAN_OF_TENSOR);
        float standIn = others[place];
        others[place] = 0;
        float[] block = blocks instanceof Blocks.Rows
                ? new Tensor(tensor.tokens(), tensor.channels(), others).token(place / tensor.channels()) : others;
        Assume.that(Math.abs(standIn) <= PlainQuantizer.largest(PlainQuantizer.magnitudes(block)));
        assertArrayEquals(
                apply(held(new Outlier.Largest(), StandIn.MEDIAN_OF_TOKEN, blocks), tensor),
                apply(held(new Outlier.Largest(), StandIn.MEDIAN_OF_TENSOR, blocks), tensor));
    }

    /** One step a token: what is done about one token is nothing to the others. */
    @Property(tries = 200)
    void otherTokensThanItsOwnAreRoundedAsWithoutIt(
            @ForAll("tensors") Tensor tensor, @ForAll("outliers") Outlier outlier, @ForAll StandIn standIn) {
        int token = place(outlier, tensor) / tensor.channels();
        Blocks rows = new Blocks.Rows();
        Tensor plain = new Tensor(tensor.tokens(), tensor.channels(), apply(W8A8.symmetric(rows), tensor));
        Tensor held = new Tensor(tensor.tokens(), tensor.channels(), apply(held(outlier, standIn, rows), tensor));
        for (int each = 0; each < tensor.tokens(); each++) {
            if (each != token) {
                assertArrayEquals(plain.token(each), held.token(each));
            }
        }
    }

    /** Where there is no outlier there is nothing to gain, and at most half a step of either range to lose. */
    @Property(tries = 300)
    void aTensorWithoutOutliersIsTheQuantizersUpToItsRounding(
            @ForAll("calm") Tensor tensor, @ForAll StandIn standIn, @ForAll("blocks") Blocks blocks) {
        float[] quantized = apply(W8A8.symmetric(blocks), tensor);
        float[] held = apply(held(new Outlier.Largest(), standIn, blocks), tensor);
        for (int i = 0; i < held.length; i++) {
            // Two halves of a step of at most 1/127.
            assertEquals(quantized[i], held[i], 1.0 / 127 + 1e-6, "element " + i);
        }
    }

    @Property(tries = 100)
    void underAQuantizerThatDoesNothingTheActivationsStay(
            @ForAll("tensors") Tensor tensor, @ForAll("outliers") Outlier outlier, @ForAll StandIn standIn) {
        assertArrayEquals(tensor.values(), apply(new ReplaceAndRestore(outlier, standIn, each -> each), tensor));
    }

    @Property(tries = 200)
    void whatIsNotFiniteIsRefused(
            @ForAll("tensors") Tensor tensor,
            @ForAll("outliers") Outlier outlier,
            @ForAll StandIn standIn,
            @ForAll("blocks") Blocks blocks,
            @ForAll("notFinite") float bad,
            @ForAll int at) {
        float[] values = tensor.values().clone();
        values[Math.floorMod(at, values.length)] = bad;
        Tensor broken = new Tensor(tensor.tokens(), tensor.channels(), values);
        String sentence = assertThrows(
                        InvalidInputException.class, () -> apply(held(outlier, standIn, blocks), broken))
                .getMessage();
        assertTrue(sentence.matches("[A-Z].*\\.") && !sentence.contains(". "), sentence);
    }

    @Example
    void theSentenceSaysWhereItIs() {
        Tensor tensor = new Tensor(2, 3, new float[] {1, 2, 3, 4, Float.NEGATIVE_INFINITY, 6});
        assertEquals(
                "The super activation must be a finite number, but it is -Infinity on token 1 in channel 1.",
                assertThrows(
                                InvalidInputException.class,
                                () -> apply(
                                        held(new Outlier.Largest(), StandIn.MEDIAN_OF_TOKEN, new Blocks.Rows()),
                                        tensor))
                        .getMessage());
    }

    @Example
    void ofAnEvenNumberTheMedianIsTheMeanOfTheTwoInTheMiddle() {
        Tensor tensor = new Tensor(2, 2, new float[] {9, 1, 2, 4});
        assertEquals(5, standIn(StandIn.MEDIAN_OF_TOKEN, tensor, 0));
        assertEquals(3, standIn(StandIn.MEDIAN_OF_TENSOR, tensor, 0));
    }

    @Example
    void ofAnOddNumberTheMedianIsTheOneInTheMiddle() {
        Tensor tensor = new Tensor(3, 3, new float[] {9, -1, 2, 4, 5, 60, 7, 8, 3});
        assertEquals(2, standIn(StandIn.MEDIAN_OF_TOKEN, tensor, 0));
        assertEquals(5, standIn(StandIn.MEDIAN_OF_TOKEN, tensor, 1));
        assertEquals(5, standIn(StandIn.MEDIAN_OF_TENSOR, tensor, 0));
    }

    @Provide
    Arbitrary<Tensor> tensors() {
        return tensors(Arbitraries.oneOf(
                Arbitraries.floats().between(-1, 1), Arbitraries.floats().between(-2000, 2000)));
    }

    @Provide
    Arbitrary<Tensor> calm() {
        return tensors(Arbitraries.floats().between(-1, 1));
    }

    private static Arbitrary<Tensor> tensors(Arbitrary<Float> values) {
        return Combinators.combine(Arbitraries.integers().between(1, 6), Arbitraries.integers().between(3, 9))
                .flatAs((tokens, channels) -> values.array(float[].class)
                        .ofSize(tokens * channels)
                        .map(each -> new Tensor(tokens, channels, each)));
    }

    @Provide
    Arbitrary<Outlier> outliers() {
        return Arbitraries.of(new Outlier.Largest(), new Outlier.LargestOfChannel(0), new Outlier.LargestOfChannel(2));
    }

    @Provide
    Arbitrary<Blocks> blocks() {
        return Arbitraries.of(new Blocks.Rows(), new Blocks.Whole());
    }

    @Provide
    Arbitrary<Float> notFinite() {
        return Arbitraries.of(Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY);
    }

    private static ReplaceAndRestore held(Outlier outlier, StandIn standIn, Blocks blocks) {
        return new ReplaceAndRestore(outlier, standIn, W8A8.symmetric(blocks));
    }

    private static int place(Outlier outlier, Tensor tensor) {
        return IntStream.range(0, tensor.values().length)
                .filter(i -> !(outlier instanceof Outlier.LargestOfChannel of)
                        || i % tensor.channels() == of.channel())
                .reduce((best, i) ->
                        Math.abs(tensor.values()[i]) > Math.abs(tensor.values()[best]) ? i : best)
                .orElseThrow();
    }

    private static float[] replaced(Tensor tensor, int place, StandIn standIn) {
        float[] set = switch (standIn) {
            case MEDIAN_OF_TOKEN -> tensor.token(place / tensor.channels());
            case MEDIAN_OF_TENSOR -> tensor.values().clone();
        };
        Arrays.sort(set);
        double median = set.length % 2 == 1
                ? set[set.length / 2] : ((double) set[set.length / 2 - 1] + set[set.length / 2]) / 2;
        float[] values = tensor.values().clone();
        values[place] = (float) median;
        return values;
    }

    private static float standIn(StandIn standIn, Tensor tensor, long token) {
        try (NDManager scope = NDManager.newBaseManager()) {
            return standIn.of(
                    scope.create(tensor.values(), new Shape(tensor.tokens(), tensor.channels())), token);
        }
    }

    /** The result; what was given must stay as it was. */
    private static float[] apply(TensorMap map, Tensor tensor) {
        try (NDManager scope = NDManager.newBaseManager()) {
            NDArray given = scope.create(tensor.values(), new Shape(tensor.tokens(), tensor.channels()));
            NDArray result = map.apply(given);
            assertArrayEquals(tensor.values(), given.toFloatArray());
            assertEquals(given.getShape(), result.getShape());
            return result.toFloatArray();
        }
    }
}
