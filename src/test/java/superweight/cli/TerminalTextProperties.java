package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TerminalTextProperties {
    @Example
    void whatIsPrintedStaysAsItIs() {
        List.of("", " the", "caf\u00e9", "\u4e2d\u6587", "\ud83d\ude00", "'", "\u00a0", "\ufffd")
                .forEach(text -> assertEquals(text, TerminalText.escaped(text)));
    }

    @Example
    void whatIsNotPrintedHasAName() {
        assertEquals("a\\nb\\r\\t", TerminalText.escaped("a\nb\r\t"));
        assertEquals("\\u{1b}[2J", TerminalText.escaped("\033[2J"));
        assertEquals("\\u{0}\\u{7f}\\u{9b}", TerminalText.escaped("\0\177\u009b"));
        assertEquals("\\u{202e}\\u{2028}\\u{d83d}", TerminalText.escaped("\u202e\u2028\ud83d"));
        assertEquals("\\u{e0001}", TerminalText.escaped("\udb40\udc01"));
        assertEquals("\\\\n", TerminalText.escaped("\\n"));
    }

    @Property
    void nothingDisturbsTheTerminal(@ForAll("texts") String text) {
        String escaped = TerminalText.escaped(text);
        assertFalse(escaped.codePoints().anyMatch(Character::isISOControl), escaped);
        assertEquals(1, ("'" + escaped + "'").lines().count());
    }

    @Property
    void differentTextsLookDifferent(@ForAll("texts") String one, @ForAll("texts") String other) {
        assertEquals(one.equals(other), TerminalText.escaped(one).equals(TerminalText.escaped(other)));
    }

    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> awkward = Arbitraries.strings().withChars("\\nu{}1b\n\033").ofMaxLength(3);
        return Arbitraries.oneOf(awkward, Arbitraries.strings().ofMaxLength(20));
    }

    @Example
    void aLongerTextKeepsItsLinesAndEscapesWhatWouldTurnOrClearTheTerminal() {
        assertEquals("a\n\tb\\n \\u{1b}[2J\\u{202e}\\r", TerminalText.paragraphs("a\n\tb\\n \u001b[2J\u202e\r"));
    }
}
