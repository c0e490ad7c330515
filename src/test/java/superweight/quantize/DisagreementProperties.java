package superweight.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention.Cell;
import superweight.model.TensorMap;
import superweight.quantize.QuantizerProperties.Weight;

/** How far two ways to treat weights disagree is counted weight by weight. */
class DisagreementProperties {
    @Property(tries = 200)
    void aPlainLoopCountsTheSame(
            @ForAll("weights") Weight weight, @ForAll("blocks") Blocks blocks, @ForAll long seed) {
        float[] changed = weight.values().clone();
        QuantizerProperties.someCells(weight, seed)
                .forEach(cell -> changed[cell.row() * weight.columns() + cell.column()] += 1000);
        long weights = IntStream.range(0, changed.length).filter(i -> changed[i] != weight.values()[i]).count();
        long holding = PlainQuantizer.cut(blocks, weight.rows(), weight.columns()).stream()
                .filter(block -> IntStream.of(block).anyMatch(i -> changed[i] != weight.values()[i]))
                .count();
        try (NDManager scope = NDManager.newBaseManager()) {
            Shape shape = new Shape(weight.rows(), weight.columns());
            NDArray one = scope.create(weight.values(), shape);
            NDArray other = scope.create(changed, shape);
            assertEquals(new Disagreement(weights, holding), Disagreement.of(one, other, blocks));
            assertEquals(new Disagreement(0, 0), Disagreement.of(one, one, blocks));
        }
    }

    @Example
    void everyLayersDownProjIsTreatedByItsOwnSuperWeights() {
        List<Coordinate> superWeights =
                List.of(new Coordinate(0, 1, 2), new Coordinate(1, 1, 2), new Coordinate(1, 1, 3));
        TensorMap nothing = weight -> weight;
        try (CausalLM model = RandomLlama.small().load()) {
            assertEquals(new Disagreement(3, 2), Disagreement.ofDownProj(
                    model, new Blocks.Rows(), superWeights, cells -> nothing, Pruned::new));
            assertEquals(new Disagreement(0, 0), Disagreement.ofDownProj(
                    model, new Blocks.Rows(), superWeights, Pruned::new, Pruned::new));
        }
    }

    private record Pruned(List<Cell> cells) implements TensorMap {
        @Override
        public NDArray apply(NDArray weight) {
            return LeftOut.zeroed(weight, cells);
        }
    }

    @Provide
    Arbitrary<Weight> weights() {
        return QuantizerProperties.weights();
    }

    @Provide
    Arbitrary<Blocks> blocks() {
        return new QuantizerProperties().blocks();
    }
}
