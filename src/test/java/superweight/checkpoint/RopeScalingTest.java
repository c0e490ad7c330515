package superweight.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RopeScalingTest {
    /** Llama 3.1's own: wavelengths up to 2048 tokens are kept, those from 8192 on made eight times longer. */
    private static final RopeScaling LLAMA_3_1 = new RopeScaling.Llama3(8, 1, 4, 8192);

    @Test
    void noneKeepsEveryFrequency() {
        assertEquals(0.37f, RopeScaling.NONE.scaled(0.37f));
    }

    @Test
    void linearDividesEveryFrequency() {
        assertEquals(0.25f, new RopeScaling.Linear(4).scaled(1));
    }

    @Test
    void llama3KeepsHighFrequenciesAndDividesLowOnes() {
        assertEquals(frequency(2000), LLAMA_3_1.scaled(frequency(2000)));
        assertEquals(frequency(9000) / 8, LLAMA_3_1.scaled(frequency(9000)));
    }

    @Test
    void llama3BlendsBetweenTheTwoByTheNumberOfTurns() {
        // 2.5 turns within 8192 tokens lie half-way between one and four.
        float middle = frequency(8192 / 2.5);
        assertEquals((middle + middle / 8) / 2, LLAMA_3_1.scaled(middle), 1e-9f);
    }

    private static float frequency(double wavelength) {
        return (float) (2 * Math.PI / wavelength);
    }
}
