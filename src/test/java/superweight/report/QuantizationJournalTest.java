package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.measure.ChannelMaxima;
import superweight.measure.Condition;
import superweight.measure.Perplexity;
import superweight.model.CausalLM;
import superweight.model.HookPoint.Site;
import superweight.model.Intervention;
import superweight.model.TensorMap;
import superweight.quantize.Blocks;
import superweight.quantize.Outlier;
import superweight.quantize.ReplaceAndRestore;
import superweight.quantize.SmoothQuant;
import superweight.quantize.StandIn;
import superweight.quantize.W8A8;

/** What quantizes activations is data, so that a run which was stopped is handed what it had measured under it. */
class QuantizationJournalTest {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final List<int[]> WINDOWS = List.of(ids(1), ids(2));

    @TempDir
    Path folder;

    @AfterAll
    static void close() {
        MODEL.close();
    }

    /** Smoothed, with an activation left out of its range, and one after the other. */
    @Test
    void everyWayToQuantizeActivationsIsKept() {
        ChannelMaxima maxima = ChannelMaxima.measure(MODEL, WINDOWS, SmoothQuant.SITES, Progress.NONE);
        TensorMap quantizer = W8A8.symmetric(new Blocks.Rows());
        W8A8 naive = W8A8.naive(MODEL.config(), quantizer);
        TensorMap restored = new ReplaceAndRestore(new Outlier.Largest(), StandIn.MEDIAN_OF_TOKEN, quantizer);
        for (List<Intervention> way : List.of(
                naive.interventions(),
                naive.withInputs(restored).interventions(),
                new SmoothQuant(0.5).interventions(MODEL, maxima),
                naive.after(new SmoothQuant(0.85).interventions(MODEL, maxima)))) {
            List<Condition> conditions = List.of(new Condition("way", way));
            Runnable measurement = () -> Perplexity.measureAll(MODEL, WINDOWS, conditions, keeping());
            assertEquals(1, measured(measurement));
            assertEquals(0, measured(measurement));
        }
    }

    @Test
    void maximaOfOtherSitesOrTextsAreMeasured() {
        for (Set<Site> sites : List.of(
                Set.of(Site.LN1_OUT), Set.of(Site.MLP_POST), Set.of(Site.MLP_POST, Site.LN1_OUT))) {
            Runnable measurement = () -> ChannelMaxima.measure(MODEL, WINDOWS, sites, keeping());
            assertEquals(1, measured(measurement));
            assertEquals(0, measured(measurement));
        }
        List<int[]> fewer = WINDOWS.subList(0, 1);
        assertEquals(1, measured(() -> ChannelMaxima.measure(MODEL, fewer, Set.of(Site.LN1_OUT), keeping())));
    }

    private Progress keeping() {
        return new Journal(folder).keeping(Progress.NONE);
    }

    /** How many steps were measured and kept. */
    private int measured(Runnable measurement) {
        int before = folder.toFile().list().length;
        measurement.run();
        return folder.toFile().list().length - before;
    }

    private static int[] ids(long seed) {
        return new Random(seed).ints(9, 0, MODEL.config().vocabSize()).toArray();
    }
}
