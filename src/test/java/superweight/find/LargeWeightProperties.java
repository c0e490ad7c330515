package superweight.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import superweight.checkpoint.ModelConfig;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention.Cell;
import superweight.model.LinearLayer;

/** The search for large weights against sorting all of them. */
class LargeWeightProperties {
    private static final ModelConfig CONFIG = RandomLlama.config(2, 16, 24, 2, 4, false);

    @Property(tries = 20)
    void theLargestOfTheModelAreTheFirstOfAllSorted(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int count) {
        RandomLlama tiny = RandomLlama.of(CONFIG, seed);
        List<LargeWeight> sorted = sorted(tiny);
        Set<Coordinate> except = largestOfDownProj(sorted, seed);
        sorted.removeIf(weight -> isIn(except, weight));
        try (CausalLM model = tiny.load()) {
            List<LargeWeight> found = LargeWeight.ofModel(model, count, except);
            assertEquals(magnitudes(sorted.subList(0, count)), magnitudes(found));
            assertEquals(count, new HashSet<>(found).size());
            assertTrue(new HashSet<>(sorted).containsAll(found));
            assertFalse(found.stream().anyMatch(weight -> isIn(except, weight)));
        }
    }

    @Property(tries = 20)
    void theLargestOfAMatrixAreTheFirstOfItsSorted(
            @ForAll long seed,
            @ForAll @IntRange(max = 1) int layer,
            @ForAll LinearLayer matrix,
            @ForAll @IntRange(min = 1, max = 50) int count) {
        RandomLlama tiny = RandomLlama.of(CONFIG, seed);
        List<LargeWeight> sorted = sorted(tiny);
        sorted.removeIf(weight -> weight.layer() != layer || weight.matrix() != matrix);
        try (CausalLM model = tiny.load()) {
            assertEquals(
                    magnitudes(sorted.subList(0, count)),
                    magnitudes(LargeWeight.ofMatrix(model, layer, matrix, count, Set.of())));
        }
    }

    /** The largest few of all down_proj, as if they were super weights. */
    private static Set<Coordinate> largestOfDownProj(List<LargeWeight> sorted, long seed) {
        return sorted.stream()
                .filter(weight -> weight.matrix() == LinearLayer.DOWN_PROJ)
                .limit(1 + new Random(seed).nextInt(5))
                .map(weight -> new Coordinate(weight.layer(), weight.cell().row(), weight.cell().column()))
                .collect(Collectors.toSet());
    }

    private static boolean isIn(Set<Coordinate> places, LargeWeight weight) {
        return weight.matrix() == LinearLayer.DOWN_PROJ
                && places.contains(new Coordinate(weight.layer(), weight.cell().row(), weight.cell().column()));
    }

    private static List<LargeWeight> sorted(RandomLlama tiny) {
        List<LargeWeight> all = new ArrayList<>();
        for (int layer = 0; layer < tiny.config().numHiddenLayers(); layer++) {
            for (LinearLayer matrix : LinearLayer.values()) {
                float[] values = tiny.weights().get(matrix.weightName(layer));
                int columns = matrix.inFeatures(tiny.config());
                for (int i = 0; i < values.length; i++) {
                    all.add(new LargeWeight(layer, matrix, new Cell(i / columns, i % columns), values[i]));
                }
            }
        }
        all.sort(Comparator.comparingDouble(weight -> -Math.abs(weight.value())));
        return all;
    }

    private static List<Float> magnitudes(List<LargeWeight> weights) {
        return weights.stream().map(weight -> Math.abs(weight.value())).toList();
    }
}
