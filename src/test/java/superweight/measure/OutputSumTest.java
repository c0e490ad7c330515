package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.Progress;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Coordinate;

class OutputSumTest {
    private static final CausalLM MODEL = RandomLlama.small().load();
    private static final Coordinate AT = new Coordinate(1, 5, 8);
    private static final int[] IDS = new Random(3).ints(20, 0, MODEL.config().vocabSize()).toArray();

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void allProductsTogetherAreTheOutputAndFewerAreNot() {
        OutputSum sum = OutputSum.measure(MODEL, IDS, AT, Progress.NONE);
        int all = MODEL.config().intermediateSize();
        assertEquals(all, sum.terms().length);
        assertEquals(0, sum.error(all), 1e-4);
        assertTrue(sum.error(all / 2) > 1e-2, "half: " + sum.error(all / 2));
        assertEquals(sum.terms()[0] + sum.terms()[1], sum.over(2), 1e-12);
        assertEquals(1, sum.error(0), 0);
    }

    @Test
    void itIsOnTheTokenOfTheSuperActivation() {
        OutputSum sum = OutputSum.measure(MODEL, IDS, AT, Progress.NONE);
        SuperActivation written = SuperActivation.measureAll(MODEL, List.of(IDS), AT, Progress.NONE).get(0);
        assertEquals(written, new SuperActivation(sum.token(), sum.output()));
    }
}
