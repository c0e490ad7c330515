package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LinearScaleTest {
    @ParameterizedTest
    @CsvSource({"-28, 22, -12.866, -12.9", "0.13, 1, 0.6667, 0.667", "0, 1, 0.00001, 0.000", "0, 24000, 12345.6, 12346"})
    void aLabelHasTheDigitsThatTheAxisCanShow(double low, double high, double value, String label) {
        assertEquals(label, LinearScale.of(low, high).labels().format(value));
    }
}
