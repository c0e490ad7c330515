package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Intervention.MapWeights;
import superweight.model.LinearLayer;
import superweight.model.KernelChoice;
import superweight.model.Residence;

/** A token of the tiny model takes 24 numbers in a layer's input and as many in its output, 192 bytes. */
class BatchesTest {
    private static final CausalLM MEMORY = RandomLlama.small().load(Residence.MEMORY, KernelChoice.REFERENCE);
    private static final CausalLM DISK = RandomLlama.small().load(Residence.DISK, KernelChoice.REFERENCE);

    /** Of 128 MiB. */
    private static final int MOST = (128 << 20) / 192;

    @AfterAll
    static void close() {
        MEMORY.close();
        DISK.close();
    }

    @Test
    void aBatchHasAsManySequencesAsFitInTheirOrder() {
        assertEquals(List.of(List.of(MOST - 1, 1), List.of(1)), of(MEMORY, 1, MOST - 1, 1, 1));
        assertEquals(List.of(List.of(MOST), List.of(1, MOST - 1)), of(MEMORY, 1, MOST, 1, MOST - 1));
        assertEquals(List.of(List.of(5, 5, 5)), of(MEMORY, 1, 5, 5, 5));
        assertEquals(List.of(), of(MEMORY, 1));
    }

    @Test
    void aSequenceThatDoesNotFitIsABatchByItself() {
        assertEquals(
                List.of(List.of(3 * MOST), List.of(1, 2), List.of(2 * MOST), List.of(4)),
                of(MEMORY, 1, 3 * MOST, 1, 2, 2 * MOST, 4));
    }

    @Test
    void everyConditionTakesItsShareOfTheRoom() {
        assertEquals(List.of(List.of(MOST / 4, MOST / 4)), of(MEMORY, 2, MOST / 4, MOST / 4));
        assertEquals(List.of(List.of(MOST / 4), List.of(MOST / 4)), of(MEMORY, 4, MOST / 4, MOST / 4));
    }

    @Test
    void conditionsThatDoNotFitTogetherAreMeasuredInGroups() {
        assertEquals(List.of(2, 2, 1), groups(5, MOST / 2));
        assertEquals(List.of(5), groups(5, MOST / 5));
        assertEquals(List.of(1, 1), groups(2, 3 * MOST));
        assertEquals(List.of(), groups(0, 1));
    }

    @Test
    void aConditionThatMapsWeightsIsMeasuredByItselfSoThatItsMatricesAreMadeForManyTexts() {
        Condition mapped = new Condition(
                "quantized", List.of(new MapWeights(0, LinearLayer.Q_PROJ, weight -> weight)));
        List<List<Condition>> groups = Batches.ofConditions(
                MEMORY, List.of(Condition.ORIGINAL, Condition.ORIGINAL, mapped, mapped, Condition.ORIGINAL), 1);
        assertEquals(List.of(2, 1, 1, 1), groups.stream().map(List::size).toList());
    }

    private static List<Integer> groups(int conditions, int longest) {
        return Batches.ofConditions(MEMORY, Collections.nCopies(conditions, Condition.ORIGINAL), longest).stream()
                .map(List::size)
                .toList();
    }

    /** Each batch reads all weights there. */
    @Test
    void weightsOnDiskAreReadForLargerBatches() {
        assertEquals(List.of(List.of(MOST / 2, MOST)), of(DISK, 1, MOST / 2, MOST));
        assertEquals(List.of(List.of(MOST), List.of(MOST + 2)), of(DISK, 1, MOST, MOST + 2));
    }

    private static List<List<Integer>> of(CausalLM model, int conditions, Integer... lengths) {
        return Batches.of(model, List.of(lengths), Integer::intValue, conditions);
    }
}
