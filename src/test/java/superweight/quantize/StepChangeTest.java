package superweight.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.checkpoint.RandomLlama;
import superweight.measure.Condition;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention.MapWeights;
import superweight.model.LinearLayer;

class StepChangeTest {
    private static final int LENGTH = 8;
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final int COLUMNS = MODEL.config().intermediateSize();
    private static final Quantizer QUANTIZER = new Quantizer(
            new Blocks.Runs(LENGTH), new Clip.None(), new Rounding.MinMaxIntegerZero(15));

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void theStepIsThatOfTheBlockWithTheWeightAndWithoutIt() {
        List<Coordinate> leftOut =
                List.of(new Coordinate(1, 2, 3), new Coordinate(0, 1, 0), new Coordinate(1, 2, 4));
        List<StepChange> changes = StepChange.of(MODEL, QUANTIZER, leftOut);
        assertEquals(
                List.of(leftOut.get(1), leftOut.get(0), leftOut.get(2)),
                changes.stream().map(StepChange::at).toList());
        for (StepChange change : changes) {
            Coordinate at = change.at();
            float[] matrix = MODEL.weight(at.layer(), LinearLayer.DOWN_PROJ);
            assertEquals(matrix[at.row() * COLUMNS + at.column()], change.weight());
            assertEquals(step(matrix, at), change.before(), 1e-7);
            leftOut.stream()
                    .filter(each -> each.layer() == at.layer())
                    .forEach(each -> matrix[each.row() * COLUMNS + each.column()] = 0);
            assertEquals(step(matrix, at), change.after(), 1e-7);
            assertTrue(change.ratio() > 0 && change.ratio() <= 1);
        }
    }

    @Test
    void withoutTheLargestOfABlockTheStepIsSmaller() {
        float[] matrix = MODEL.weight(0, LinearLayer.DOWN_PROJ);
        int largest = 0;
        for (int i = 1; i < LENGTH; i++) {
            largest = Math.abs(matrix[i]) > Math.abs(matrix[largest]) ? i : largest;
        }
        List<StepChange> changes = StepChange.of(MODEL, QUANTIZER, List.of(new Coordinate(0, 0, largest)));
        assertTrue(changes.get(0).ratio() < 1);
    }

    @Test
    void oneLayerIsFinerInMixedPrecision() {
        Quantizer finer = Quantizer.roundToNearest(8, new Blocks.Runs(4));
        Condition mixed = new MixedPrecision(QUANTIZER, finer, Set.of(1)).condition("mixed", MODEL.config());
        assertEquals(7 * MODEL.config().numHiddenLayers(), mixed.interventions().size());
        mixed.interventions().stream().map(MapWeights.class::cast).forEach(map ->
                assertEquals(map.layer() == 1 ? finer : QUANTIZER, map.map()));
    }

    private static float step(float[] matrix, Coordinate at) {
        int from = (at.row() * COLUMNS + at.column()) / LENGTH * LENGTH;
        return PlainQuantizer.step(QUANTIZER.rounding(), Arrays.copyOfRange(matrix, from, from + LENGTH));
    }
}
