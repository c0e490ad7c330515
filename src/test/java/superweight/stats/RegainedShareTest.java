package superweight.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class RegainedShareTest {
    private static final RegainedShare SHARE = new RegainedShare(new PairedBootstrap(1, 2000, 0.95));

    /** Llama-7B on WikiText-2: float 5.68, naive 5.83, SmoothQuant 5.71, ours 5.74. */
    @Test
    void theSharesOfThePapersTable3() {
        assertEquals(0.75, SHARE.of(windows(5.71), windows(5.83), windows(5.74)).orElseThrow().estimate(), 1e-9);
        assertEquals(0.60, SHARE.of(windows(5.68), windows(5.83), windows(5.74)).orElseThrow().estimate(), 1e-9);
    }

    @Test
    void aRemedyThatDoesNothingRegainsNothingAndOneThatUndoesTheLossRegainsAll() {
        assertAll(0, SHARE.of(windows(10), windows(11), windows(11)).orElseThrow());
        assertAll(1, SHARE.of(windows(10), windows(11), windows(10)).orElseThrow());
    }

    @Test
    void aRemedyThatIsBetterThanTheBetterModelRegainsMoreThanAll() {
        assertAll(2, SHARE.of(windows(10), windows(11), windows(9)).orElseThrow());
    }

    @Test
    void aRemedyThatDoesHarmRegainsLessThanNothing() {
        assertAll(-1, SHARE.of(windows(10), windows(11), windows(12)).orElseThrow());
    }

    @Test
    void ofAGapThatIsNotBeyondTheChoiceOfWindowsThereIsNoShare() {
        double[] better = {1, 2, 3, 4};
        double[] worse = {1.2, 1.9, 3.2, 3.9}; // worse on average only
        assertEquals(Optional.empty(), SHARE.of(better, worse, better));
        assertEquals(Optional.empty(), SHARE.of(worse, better, better));
        assertEquals(Optional.empty(), SHARE.of(better, better, better));
    }

    @Test
    void itsIntervalHoldsBothEnds() {
        double[] better = {1, 2, 3, 4};
        double[] worse = {1.2, 2.3, 3.1, 4.2};
        double[] remedied = {1.1, 2.1, 3.1, 4.05};
        Interval share = SHARE.of(better, worse, remedied).orElseThrow();
        assertTrue(share.low() < share.estimate() && share.estimate() < share.high(), share::toString);
        assertTrue(0 <= share.low() && share.high() <= 1, share::toString);
    }

    /** The estimate and both ends, where every window tells the same. */
    private static void assertAll(double expected, Interval share) {
        assertEquals(expected, share.estimate(), 1e-9);
        assertEquals(expected, share.low(), 1e-9);
        assertEquals(expected, share.high(), 1e-9);
    }

    private static double[] windows(double perplexity) {
        double nll = Math.log(perplexity);
        return new double[] {nll - 0.3, nll, nll + 0.3};
    }
}
