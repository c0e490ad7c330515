package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** The expected values are what Python 3.11 gives. */
class PythonTextTest {
    /** Python also takes the no-break space and U+0085 for white space, where Java's methods do not. */
    @Test
    void stripsAllThatPythonTakesForWhiteSpace() {
        String spaces = " \t\n\u000b\f\r\u001c\u001d\u001e\u001f\u0085\u00a0\u1680\u2000\u2007\u2028\u2029\u202f\u3000";
        assertEquals("a b\u00a0c", PythonText.strip(spaces + "a b\u00a0c" + spaces));
        assertEquals(spaces + "a", PythonText.stripTrailing(spaces + "a" + spaces));
        assertEquals("", PythonText.strip(spaces));
        assertEquals("", PythonText.stripTrailing(""));
    }

    @Test
    void leavesWhatPythonDoesNotTakeForWhiteSpace() {
        String others = "\u200b\u180e\ufeff";
        assertEquals(others, PythonText.strip(others));
    }

    @Test
    void capitalizesTheFirstLetterAndNoOther() {
        assertEquals("A few women on tv", PythonText.capitalize("a few Women on TV"));
        assertEquals(", then they", PythonText.capitalize(", Then they"));
        assertEquals("\u00c9t\u00e9", PythonText.capitalize("\u00e9T\u00c9"));
        // Two letters of two chars each, and one that has a title case of its own.
        assertEquals("\ud801\udc00\ud801\udc28", PythonText.capitalize("\ud801\udc28\ud801\udc00"));
        assertEquals("\u01c5a", PythonText.capitalize("\u01c6A"));
        assertEquals("", PythonText.capitalize(""));
    }
}
