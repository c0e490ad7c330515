package superweight.find;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention.Cell;
import superweight.model.Intervention.ScaleWeights;
import superweight.model.LinearLayer;

class LargeWeightTest {
    private static final String DOWN_PROJ = LinearLayer.DOWN_PROJ.weightName(0);
    private static final RandomLlama TINY = RandomLlama.of(RandomLlama.config(1, 16, 24, 2, 4, true), 3);

    /** A matrix of under a million weights gives its largest; one of 2.1 million gives two. */
    @Test
    void theTopMillionthIsAtLeastOneWeightOfEachMatrix() {
        RandomLlama wide = RandomLlama.of(RandomLlama.config(1, 1400, 1500, 1, 4, true), 3);
        try (CausalLM model = wide.load()) {
            List<LargeWeight> chosen = LargeWeight.topMillionthOfEachMatrix(model, Set.of());
            for (LinearLayer matrix : LinearLayer.values()) {
                boolean millions = (long) matrix.outFeatures(wide.config()) * matrix.inFeatures(wide.config()) > 2e6;
                List<LargeWeight> own = chosen.stream().filter(weight -> weight.matrix() == matrix).toList();
                assertEquals(LargeWeight.ofMatrix(model, 0, matrix, millions ? 2 : 1, Set.of()), own);
            }
        }
    }

    /** Of 384 weights a hundredth is three, of 256 two, of 64 (the keys' and values' matrices) one at least. */
    @Test
    void ofEachMatrixTheLargestShareRoundedDownIsTaken() {
        try (CausalLM model = TINY.load()) {
            List<LargeWeight> chosen = LargeWeight.largestOfEachMatrix(model, 0.01, Set.of());
            for (LinearLayer matrix : LinearLayer.values()) {
                int count = Math.max(1, matrix.outFeatures(TINY.config()) * matrix.inFeatures(TINY.config()) / 100);
                List<LargeWeight> own = chosen.stream().filter(weight -> weight.matrix() == matrix).toList();
                assertEquals(LargeWeight.ofMatrix(model, 0, matrix, count, Set.of()), own);
            }
        }
    }

    @Test
    void theTopMillionthTakesEveryWeightThatTiesWithItsLast() {
        float[] tied = new float[16 * 24];
        tied[5] = -2;
        tied[30] = 2;
        tied[383] = 2;
        tied[7] = Math.nextDown(2f);
        try (CausalLM model = TINY.with(DOWN_PROJ, tied).load()) {
            Set<Cell> expected = Set.of(new Cell(0, 5), new Cell(1, 6), new Cell(15, 23));
            assertEquals(expected, downProjOfTopMillionth(model, Set.of()));
            Set<Coordinate> superWeights = Set.of(new Coordinate(0, 0, 5), new Coordinate(0, 1, 6));
            assertEquals(Set.of(new Cell(15, 23)), downProjOfTopMillionth(model, superWeights));
        }
    }

    @Test
    void aSuperWeightIsAPlaceOfDownProjAndOfNoOtherMatrix() {
        float[] downProj = new float[16 * 24];
        downProj[0] = 100;
        float[] upProj = new float[24 * 16];
        upProj[0] = 90;
        RandomLlama marked = TINY.with(DOWN_PROJ, downProj).with(LinearLayer.UP_PROJ.weightName(0), upProj);
        try (CausalLM model = marked.load()) {
            Set<Coordinate> superWeight = Set.of(new Coordinate(0, 0, 0));
            assertEquals(100, LargeWeight.ofModel(model, 1, Set.of()).get(0).value());
            assertEquals(
                    List.of(new LargeWeight(0, LinearLayer.UP_PROJ, new Cell(0, 0), 90)),
                    LargeWeight.ofModel(model, 1, superWeight));
        }
    }

    @Test
    void aMatrixOfZerosHasNoLargeWeight() {
        try (CausalLM model = TINY.with(DOWN_PROJ, new float[16 * 24]).load()) {
            assertEquals(Set.of(), downProjOfTopMillionth(model, Set.of()));
            assertEquals(6, LargeWeight.topMillionthOfEachMatrix(model, Set.of()).size());
        }
    }

    @Test
    void pruningIsOneInterventionForEachMatrix() {
        List<LargeWeight> weights = List.of(
                new LargeWeight(3, LinearLayer.UP_PROJ, new Cell(1, 2), 9),
                new LargeWeight(0, LinearLayer.DOWN_PROJ, new Cell(3, 4), -8),
                new LargeWeight(3, LinearLayer.UP_PROJ, new Cell(5, 6), 7),
                new LargeWeight(3, LinearLayer.Q_PROJ, new Cell(7, 8), 6));
        assertEquals(
                List.of(
                        new ScaleWeights(0, LinearLayer.DOWN_PROJ, List.of(new Cell(3, 4)), 0),
                        new ScaleWeights(3, LinearLayer.Q_PROJ, List.of(new Cell(7, 8)), 0),
                        new ScaleWeights(3, LinearLayer.UP_PROJ, List.of(new Cell(1, 2), new Cell(5, 6)), 0)),
                LargeWeight.prune(weights));
        assertEquals(List.of(), LargeWeight.prune(List.of()));
    }

    private static Set<Cell> downProjOfTopMillionth(CausalLM model, Set<Coordinate> except) {
        Set<Cell> cells = new HashSet<>();
        for (LargeWeight weight : LargeWeight.topMillionthOfEachMatrix(model, except)) {
            if (weight.matrix() == LinearLayer.DOWN_PROJ) {
                cells.add(weight.cell());
            }
        }
        return cells;
    }
}
