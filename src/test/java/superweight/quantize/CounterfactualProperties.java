package superweight.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import superweight.model.Intervention.Cell;
import superweight.quantize.QuantizerProperties.Weight;

/** What tells explanations of a quantizer's failure apart does to each block what it says, and no more. */
@PropertyDefaults(edgeCases = EdgeCasesMode.MIXIN)
class CounterfactualProperties {
    @Property(tries = 300)
    void blocksThatAreKeptStayAndTheOthersAreRounded(
            @ForAll("weights") Weight weight, @ForAll("quantizers") Quantizer quantizer, @ForAll long seed) {
        List<Cell> cells = QuantizerProperties.someCells(weight, seed);
        float[] rounded = QuantizerProperties.apply(quantizer, weight);
        float[] kept = QuantizerProperties.apply(new BlocksKept(quantizer, cells), weight);
        float[] only = QuantizerProperties.apply(new OnlyBlocks(quantizer, cells), weight);
        for (int[] block : PlainQuantizer.cut(quantizer.blocks(), weight.rows(), weight.columns())) {
            boolean holds = IntStream.of(block)
                    .anyMatch(i -> cells.contains(new Cell(i / weight.columns(), i % weight.columns())));
            float[] original = PlainQuantizer.at(block, weight.values());
            float[] plain = PlainQuantizer.at(block, rounded);
            assertArrayEquals(holds ? original : plain, PlainQuantizer.at(block, kept));
            assertArrayEquals(holds ? plain : original, PlainQuantizer.at(block, only));
        }
    }

    @Property(tries = 300)
    void theLargestOfEachBlockStaysAndTheOthersAreRoundedAsIfItWereZeroOrAsEver(
            @ForAll("weights") Weight weight, @ForAll("quantizers") Quantizer quantizer) {
        float[] without = weight.values().clone();
        for (int[] block : PlainQuantizer.cut(quantizer.blocks(), weight.rows(), weight.columns())) {
            float largest = largestMagnitude(block, weight.values());
            IntStream.of(block).filter(i -> Math.abs(weight.values()[i]) == largest).forEach(i -> without[i] = 0);
        }
        float[] expected = QuantizerProperties.apply(quantizer, new Weight(weight.rows(), weight.columns(), without));
        float[] leftOut = QuantizerProperties.apply(new LargestLeftOut(quantizer), weight);
        float[] putBack = QuantizerProperties.apply(new LargestPutBack(quantizer), weight);
        float[] plain = QuantizerProperties.apply(quantizer, weight);
        for (int[] block : PlainQuantizer.cut(quantizer.blocks(), weight.rows(), weight.columns())) {
            float largest = largestMagnitude(block, weight.values());
            for (int i : block) {
                boolean isLargest = Math.abs(weight.values()[i]) == largest;
                assertEquals(isLargest ? weight.values()[i] : expected[i], leftOut[i], "element " + i);
                assertEquals(isLargest ? weight.values()[i] : plain[i], putBack[i], "element " + i);
            }
        }
    }

    @Property(tries = 300)
    void everyElementsStepIsThatOfItsBlock(
            @ForAll("weights") Weight weight, @ForAll("blocks") Blocks blocks, @ForAll("roundings") Rounding rounding) {
        float[] steps;
        try (NDManager scope = NDManager.newBaseManager()) {
            NDArray tensor = scope.create(weight.values(), new Shape(weight.rows(), weight.columns()));
            steps = new Quantizer(blocks, new Clip.None(), rounding).steps(tensor).toFloatArray();
        }
        for (int[] block : PlainQuantizer.cut(blocks, weight.rows(), weight.columns())) {
            float step = PlainQuantizer.step(rounding, PlainQuantizer.at(block, weight.values()));
            for (int i : block) {
                assertEquals(step, steps[i], 2 * Math.ulp(step), "element " + i);
            }
        }
    }

    private static float largestMagnitude(int[] block, float[] values) {
        return PlainQuantizer.largest(PlainQuantizer.magnitudes(PlainQuantizer.at(block, values)));
    }

    @Provide
    Arbitrary<Weight> weights() {
        return QuantizerProperties.weights();
    }

    @Provide
    Arbitrary<Blocks> blocks() {
        return new QuantizerProperties().blocks();
    }

    @Provide
    Arbitrary<Rounding> roundings() {
        return new QuantizerProperties().roundings();
    }

    @Provide
    Arbitrary<Quantizer> quantizers() {
        return new QuantizerProperties().quantizers();
    }
}
