package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.measure.ChannelLedger.Entry;
import superweight.model.CausalLM;
import superweight.model.HookPoint.Site;
import superweight.model.LinearLayer;

class ChannelLedgerTest {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final int LAYERS = MODEL.config().numHiddenLayers();
    private static final int CHANNEL = 7;
    private static final List<int[]> TEXTS = List.of(ids(6, 1), ids(1, 2), ids(11, 3));
    private static final int[] TOKENS = {5, 0, 3};

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void whatAnEntryAddsLeadsFromOneLayerToTheNext() {
        for (ChannelLedger ledger : ledgers()) {
            for (int layer = 1; layer < LAYERS; layer++) {
                assertEquals(
                        ledger.entries().get(layer - 1).after(), ledger.entries().get(layer).before(), 1e-5);
            }
        }
    }

    @Test
    void anEntryHasWhatTheModelAddsToTheTokenAndTheLargestProductOfIt() {
        for (int text = 0; text < TEXTS.size(); text++) {
            int token = TOKENS[text];
            for (int layer = 0; layer < LAYERS; layer++) {
                Map<Site, float[]> seen = read(TEXTS.get(text), layer, token);
                Entry entry = ledgers().get(text).entries().get(layer);
                assertEquals(seen.get(Site.ATTN_OUT)[CHANNEL], entry.attention(), 1e-5);
                assertEquals(seen.get(Site.MLP_OUT)[CHANNEL], entry.mlp(), 1e-5);
                assertEquals(seen.get(Site.RESID_POST)[CHANNEL], entry.after(), 1e-5);
                assertEquals(seen.get(Site.RESID_PRE)[CHANNEL], entry.before(), 1e-5);

                float[] input = seen.get(Site.MLP_POST);
                float[] row = MODEL.weightRow(layer, LinearLayer.DOWN_PROJ, CHANNEL);
                assertEquals(input[entry.column()] * row[entry.column()], entry.product(), 1e-5);
                for (int column = 0; column < row.length; column++) {
                    assertEquals(
                            Math.abs(entry.product()),
                            Math.max(Math.abs(entry.product()), Math.abs(input[column] * row[column])),
                            1e-5);
                }
            }
        }
    }

    private static List<ChannelLedger> ledgers() {
        return ChannelLedger.measureAll(MODEL, TEXTS, TOKENS, CHANNEL, Progress.NONE);
    }

    /** One token's activations at every site of a layer. */
    private static Map<Site, float[]> read(int[] ids, int layer, int token) {
        Map<Site, float[]> seen = new EnumMap<>(Site.class);
        MODEL.read(ids, layer + 1, List.of(), (run, point, activation) -> {
            if (point.layer() == layer) {
                seen.put(point.site(), activation.get(token).toFloatArray());
            }
        });
        return seen;
    }

    private static int[] ids(int length, long seed) {
        return new Random(seed).ints(length, 0, MODEL.config().vocabSize()).toArray();
    }
}
