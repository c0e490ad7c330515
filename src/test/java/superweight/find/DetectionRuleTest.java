package superweight.find;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.junit.jupiter.api.Test;

class DetectionRuleTest {
    private static final DetectionRule RULE = DetectionRule.DEFAULT;

    @Test
    void theEarlyLayersAreAShareOfAllRoundedUp() {
        assertEquals(0, RULE.lastEarlyLayer(1));
        assertEquals(7, RULE.lastEarlyLayer(10));
        assertEquals(23, RULE.lastEarlyLayer(30));
        assertEquals(25, RULE.lastEarlyLayer(32));
        for (int layers = 1; layers <= 200; layers++) {
            BigDecimal early = new BigDecimal("0.8").multiply(BigDecimal.valueOf(layers));
            assertEquals(early.setScale(0, RoundingMode.CEILING).intValue() - 1, RULE.lastEarlyLayer(layers));
        }
    }

    @Test
    void eitherWhatAWeightWritesOrWhatIsLostWithoutItIsEnough() {
        assertTrue(RULE.isSuperWeight(0.2, -1));
        assertTrue(RULE.isSuperWeight(-1, 0.2));
        assertFalse(RULE.isSuperWeight(0.19, 0.19));
    }

    @Test
    void onlyMagnitudesMakeASuperActivationAndItsSuppression() {
        assertTrue(RULE.isSuperActivation(-10, 100));
        assertTrue(RULE.isSuperActivation(10, 100));
        assertFalse(RULE.isSuperActivation(-9.9, 100));
        assertTrue(RULE.isSuppressed(-25, 100));
        assertTrue(RULE.isSuppressed(25, -100));
        assertFalse(RULE.isSuppressed(-26, -100));
    }
}
