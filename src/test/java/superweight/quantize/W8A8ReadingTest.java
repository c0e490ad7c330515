package superweight.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.Intervention.MapInput;
import superweight.model.Intervention.MapOutput;
import superweight.model.LinearLayer;
import superweight.model.TensorMap;

class W8A8ReadingTest {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final int LAYERS = MODEL.config().numHiddenLayers();
    private static final List<Coordinate> SUPER_WEIGHTS =
            List.of(new Coordinate(1, 3, 5), new Coordinate(1, 3, 7), new Coordinate(1, 2, 5));

    @AfterAll
    static void close() {
        MODEL.close();
    }

    static List<Blocks> blocks() {
        return List.of(new Blocks.Rows(), new Blocks.Whole());
    }

    private static List<W8A8Reading> all(Blocks blocks) {
        return W8A8Reading.all(MODEL.config(), SUPER_WEIGHTS, blocks);
    }

    private static W8A8Reading named(Blocks blocks, String name) {
        return all(blocks).stream().filter(reading -> reading.name().equals(name)).findFirst().orElseThrow();
    }

    /** What is held out of what, with what is done to the tensor meanwhile left away. */
    private static TensorMap unwrapped(TensorMap map) {
        return map instanceof ReplaceAndRestore held ? unwrapped(held.quantizer()) : map;
    }

    private static Intervention unwrapped(Intervention change) {
        if (change instanceof MapInput in) {
            return new MapInput(in.layer(), in.matrix(), unwrapped(in.map()));
        }
        return change instanceof MapOutput out
                ? new MapOutput(out.layer(), out.matrix(), unwrapped(out.map()))
                : change;
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void heldOutDiffersFromItsOwnNaiveWayInNothingButWhatIsHeldOut(Blocks blocks) {
        for (W8A8Reading reading : all(blocks)) {
            assertNotEquals(reading.naive(), reading.heldOut(), reading.name());
            assertEquals(
                    Set.copyOf(reading.naive()),
                    reading.heldOut().stream().map(W8A8ReadingTest::unwrapped).collect(Collectors.toSet()),
                    reading.name());
        }
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void whatChangesTheNaiveWayHasOneOfItsOwnAndTheOthersShareThePapers(Blocks blocks) {
        List<W8A8Reading> all = all(blocks);
        List<Intervention> papers = W8A8.naive(MODEL.config(), W8A8.symmetric(blocks)).interventions();
        assertEquals(
                List.of(
                        "what attention multiplies in float",
                        "o_proj's inputs quantized too",
                        "asymmetric activations"),
                all.stream().filter(reading -> !reading.naive().equals(papers)).map(W8A8Reading::name).toList());
        assertEquals(all.size() + 4, W8A8Reading.models(all).size());
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void whatAttentionMultipliesMayHaveANumberHeldOutOrBeInFloat(Blocks blocks) {
        TensorMap ours = new ReplaceAndRestore(
                new Outlier.Largest(), StandIn.MEDIAN_OF_TOKEN, W8A8.symmetric(blocks));
        W8A8Reading too = named(blocks, "in what attention multiplies too");
        for (int layer = 0; layer < LAYERS; layer++) {
            for (LinearLayer matrix : List.of(LinearLayer.Q_PROJ, LinearLayer.K_PROJ, LinearLayer.V_PROJ)) {
                assertTrue(too.heldOut().contains(new MapOutput(layer, matrix, ours)));
            }
        }
        W8A8Reading without = named(blocks, "what attention multiplies in float");
        assertTrue(without.naive().stream().noneMatch(MapOutput.class::isInstance));
        assertTrue(without.heldOut().stream().noneMatch(MapOutput.class::isInstance));
    }

    @ParameterizedTest
    @MethodSource("blocks")
    void oProjIsQuantizedInBothOrInNeither(Blocks blocks) {
        for (W8A8Reading reading : all(blocks)) {
            boolean quantized = reading.name().equals("o_proj's inputs quantized too");
            for (List<Intervention> model : List.of(reading.naive(), reading.heldOut())) {
                assertEquals(quantized ? LAYERS : 0, model.stream()
                        .filter(change -> change instanceof MapInput in && in.matrix() == LinearLayer.O_PROJ)
                        .count());
            }
        }
    }

    /** Two super weights of the layer are in one column and share the activation that they multiply. */
    @ParameterizedTest
    @MethodSource("blocks")
    void whereASuperWeightIsEachOfItsLayersColumnsHasOneNumberHeldOut(Blocks blocks) {
        TensorMap naive = W8A8.symmetric(blocks);
        TensorMap first = new ReplaceAndRestore(
                new Outlier.LargestOfChannel(5), StandIn.MEDIAN_OF_TOKEN, naive);
        TensorMap both = new ReplaceAndRestore(
                new Outlier.LargestOfChannel(7), StandIn.MEDIAN_OF_TOKEN, first);
        W8A8Reading reading = named(blocks, "where a super weight is");
        assertTrue(reading.heldOut().contains(new MapInput(1, LinearLayer.DOWN_PROJ, both)));
        assertTrue(reading.heldOut().contains(new MapInput(0, LinearLayer.DOWN_PROJ, naive)));
        assertEquals(1, reading.heldOut().stream().filter(change -> !reading.naive().contains(change)).count());
    }
}
