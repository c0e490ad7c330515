package superweight.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.measure.Condition;
import superweight.measure.Perplexity;
import superweight.model.CausalLM;
import superweight.model.Intervention;
import superweight.model.Intervention.MapInput;
import superweight.model.Intervention.MapOutput;
import superweight.model.Intervention.MapWeights;
import superweight.model.LinearLayer;
import superweight.model.TensorMap;

class W8A8Test {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final int LAYERS = MODEL.config().numHiddenLayers();
    private static final TensorMap WEIGHT = W8A8.symmetric(new Blocks.Whole());
    private static final TensorMap PER_TOKEN = W8A8.symmetric(new Blocks.Rows());
    private static final TensorMap OTHER = W8A8.asymmetric(new Blocks.Rows());
    private static final List<LinearLayer> WITHOUT_O = List.of(
            LinearLayer.Q_PROJ, LinearLayer.K_PROJ, LinearLayer.V_PROJ, LinearLayer.GATE_PROJ, LinearLayer.UP_PROJ,
            LinearLayer.DOWN_PROJ);
    private static final List<LinearLayer> MULTIPLIED =
            List.of(LinearLayer.Q_PROJ, LinearLayer.K_PROJ, LinearLayer.V_PROJ);

    private final W8A8 naive = W8A8.naive(MODEL.config(), PER_TOKEN);

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void thePapersListIsEveryMatrixButOProjAndTheProductsInsideAttention() {
        List<Intervention> interventions = naive.interventions();
        for (int layer = 0; layer < LAYERS; layer++) {
            for (LinearLayer matrix : LinearLayer.values()) {
                boolean quantized = WITHOUT_O.contains(matrix);
                assertEquals(quantized, interventions.contains(new MapWeights(layer, matrix, WEIGHT)));
                assertEquals(quantized, interventions.contains(new MapInput(layer, matrix, PER_TOKEN)));
                assertEquals(
                        MULTIPLIED.contains(matrix), interventions.contains(new MapOutput(layer, matrix, PER_TOKEN)));
            }
        }
        assertEquals((2 * WITHOUT_O.size() + MULTIPLIED.size()) * LAYERS, interventions.size());
    }

    @Test
    void anotherFunctionTakesThePlaceOfTheInputsOfTheMatricesNamed() {
        List<Intervention> down = naive.withInputs(OTHER, LinearLayer.DOWN_PROJ).interventions();
        assertTrue(down.contains(new MapInput(0, LinearLayer.DOWN_PROJ, OTHER)));
        assertTrue(down.contains(new MapInput(0, LinearLayer.UP_PROJ, PER_TOKEN)));
        assertEquals(naive.interventions().size(), down.size());
        List<Intervention> all = naive.withInputs(OTHER).interventions();
        WITHOUT_O.forEach(matrix -> assertTrue(all.contains(new MapInput(2, matrix, OTHER))));
        assertEquals(naive.interventions().size(), all.size());
    }

    @Test
    void aMatrixThatIsNamedIsQuantizedWithItsWeight() {
        List<Intervention> interventions = naive.withInputs(PER_TOKEN, LinearLayer.O_PROJ).interventions();
        assertTrue(interventions.contains(new MapInput(1, LinearLayer.O_PROJ, PER_TOKEN)));
        assertTrue(interventions.contains(new MapWeights(1, LinearLayer.O_PROJ, WEIGHT)));
        assertEquals(naive.interventions().size() + 2 * LAYERS, interventions.size());
    }

    @Test
    void productsAreLeftAloneOrGivenAnotherFunction() {
        assertTrue(naive.withoutProducts().interventions().stream().noneMatch(MapOutput.class::isInstance));
        List<Intervention> other = naive.withProducts(OTHER).interventions();
        MULTIPLIED.forEach(matrix -> assertTrue(other.contains(new MapOutput(1, matrix, OTHER))));
        assertEquals(naive.interventions().size(), other.size());
    }

    @Test
    void weightsMayHaveStepsOfTheirOwnToo() {
        TensorMap perChannel = W8A8.symmetric(new Blocks.Rows());
        List<Intervention> interventions = naive.withWeights(perChannel).interventions();
        assertTrue(interventions.contains(new MapWeights(0, LinearLayer.Q_PROJ, perChannel)));
        assertEquals(naive.interventions().size(), interventions.size());
    }

    @Test
    void whatIsDoneBeforeComesFirst() {
        Intervention first = new MapInput(0, LinearLayer.Q_PROJ, OTHER);
        List<Intervention> interventions = naive.after(List.of(first));
        assertEquals(first, interventions.get(0));
        assertEquals(naive.interventions(), interventions.subList(1, interventions.size()));
    }

    @Test
    void itCannotBeChangedFromOutside() {
        Map<LinearLayer, TensorMap> inputs = new HashMap<>(Map.of(LinearLayer.Q_PROJ, PER_TOKEN));
        Map<LinearLayer, TensorMap> outputs = new HashMap<>();
        W8A8 quantized = new W8A8(LAYERS, WEIGHT, inputs, outputs);
        List<Intervention> before = quantized.interventions();
        inputs.put(LinearLayer.UP_PROJ, OTHER);
        outputs.put(LinearLayer.Q_PROJ, OTHER);
        assertEquals(before, quantized.interventions());
        for (Map<LinearLayer, TensorMap> taken : List.of(quantized.inputs(), quantized.outputs())) {
            assertThrows(UnsupportedOperationException.class, () -> taken.put(LinearLayer.UP_PROJ, OTHER));
            assertThrows(UnsupportedOperationException.class, () -> taken.remove(LinearLayer.Q_PROJ));
        }
        assertThrows(
                UnsupportedOperationException.class,
                () -> quantized.inputs().entrySet().iterator().next().setValue(OTHER));
        assertEquals(before, quantized.interventions());
        assertEquals(new W8A8(LAYERS, WEIGHT, Map.of(LinearLayer.Q_PROJ, PER_TOKEN), Map.of()), quantized);
    }

    @Test
    void changesMakeAnotherAndLeaveTheFirstAsItWas() {
        List<Intervention> before = naive.interventions();
        naive.withInputs(OTHER);
        naive.withInputs(OTHER, LinearLayer.O_PROJ);
        naive.withWeights(OTHER);
        naive.withProducts(OTHER);
        naive.withoutProducts();
        assertEquals(before, naive.interventions());
    }

    /** Eight bits leave a healthy model what it is, and functions that do nothing leave it exactly so. */
    @Test
    void theModelIsRunWithAllOfIt() {
        List<int[]> windows = List.of(new Random(1).ints(40, 0, MODEL.config().vocabSize()).toArray());
        TensorMap same = tensor -> tensor;
        List<Perplexity> measured = Perplexity.measureAll(
                MODEL,
                windows,
                List.of(
                        Condition.ORIGINAL,
                        new Condition("8 bits", naive.interventions()),
                        new Condition("nothing", new W8A8(LAYERS, same, naive.inputs(), naive.outputs())
                                .withInputs(same).withProducts(same).interventions())),
                Progress.NONE);
        double original = measured.get(0).meanNll();
        assertEquals(original, measured.get(2).meanNll(), 1e-6);
        double change = Math.abs(original - measured.get(1).meanNll());
        assertTrue(1e-6 < change && change < 0.05, () -> "changed by " + change);
    }
}
