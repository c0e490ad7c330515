package superweight.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import superweight.InvalidInputException;

class CoordinateProperties {
    @Property
    void threeWholeNumbersAreLayerRowAndColumn(
            @ForAll @IntRange(max = 999_999_999) int layer,
            @ForAll @IntRange(max = 999_999_999) int row,
            @ForAll @IntRange(max = 999_999_999) int column) {
        Coordinate expected = new Coordinate(layer, row, column);
        assertEquals(expected, Coordinate.parse(layer + ":" + row + ":" + column));
        assertEquals("layer " + layer + " [" + row + ", " + column + "]", expected.toString());
    }

    @Property
    void anythingElseIsRefusedInOneSentenceThatQuotesIt(@ForAll("junk") String junk) {
        String message = assertThrows(InvalidInputException.class, () -> Coordinate.parse(junk)).getMessage();
        assertTrue(message.startsWith("The coordinate '" + junk + "' is not of the form layer:row:column"), message);
    }

    @Provide
    Arbitrary<String> junk() {
        Arbitrary<String> nearMisses = Arbitraries.of(
                "", ":", "::", "1:2", "1:2:", ":2:3", "1::3", "1:2:3:4", "-1:2:3", "1:-2:3", "1:2:+3", " 1:2:3",
                "1:2:3 ", "1:2:3\n", "1,2,3", "1:2:0x3", "1:2:3.0", "a:b:c", "\u0661:2:3", "2147483648:0:0",
                "1:2:99999999999999999999");
        Arbitrary<String> anything = Arbitraries.strings().withChars("0123456789:-+. x").ofMaxLength(12);
        return Arbitraries.oneOf(nearMisses, anything, Arbitraries.strings())
                .filter(text -> !text.matches("[0-9]{1,9}:[0-9]{1,9}:[0-9]{1,9}"));
    }
}
