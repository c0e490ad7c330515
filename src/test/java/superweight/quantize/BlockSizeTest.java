package superweight.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlockSizeTest {
    @ParameterizedTest
    @CsvSource(textBlock = """
            64,      64,          blocks of 64
            1048576, '1,048,576', 'blocks of 1,048,576'
            tensor,  tensor,      whole matrices
            """)
    void hasANameInSizesAnotherInTablesAndAThirdInSentences(String name, String label, String phrase) {
        BlockSize size = BlockSize.named(name);
        assertEquals(label, size.toString());
        assertEquals(phrase, size.phrase());
        assertEquals(
                name.equals("tensor") ? new Blocks.Whole() : new Blocks.Runs(Integer.parseInt(name)), size.blocks());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1,024", "whole", "6e4"})
    void takesNoOtherName(String name) {
        assertThrows(NumberFormatException.class, () -> BlockSize.named(name));
    }
}
