package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import superweight.InvalidInputException;

class ClaimsTest {
    private static final String HEADER =
            "id,source,place,sentence,printed,unit,comparison,tolerance,reason,effect,notebook,model,text\n";
    private static final String ROW =
            "prune,arXiv:1,Table 1,\"one, pruned\",12.50,perplexity,relative,0.02,rounding,>= 10,02,o/m,w\n";

    @TempDir
    Path folder;

    @Test
    void readsARowWithEveryField() throws IOException {
        Claim claim = Claims.read(file(HEADER + ROW)).find("prune").orElseThrow();
        assertEquals("one, pruned", claim.sentence());
        assertEquals("12.50", claim.printed().toPlainString());
        assertEquals(Comparison.RELATIVE, claim.comparison());
        assertEquals(Optional.of(new Inequality(Inequality.Sense.AT_LEAST, 10)), claim.effect());
        assertEquals("m", claim.modelName());
        assertTrue(claim.isAbout("m", "w") && claim.isAbout("o/m", "w"));
        assertFalse(claim.isAbout("m", "other") || claim.isAbout("mm", "w"));
    }

    @Test
    void aRunIsAboutTheClaimOnItsOwnModelElseAboutTheOneThatCanBeAskedOfAny() throws IOException {
        Claims claims = Claims.read(file(HEADER
                + ROW.replace("prune", "prune-big").replace("o/m", "o/big").replace(">= 10", "")
                + ROW.replace("prune", "prune-m")));
        assertEquals("prune-big", claims.oneOf("prune", "big").orElseThrow().id());
        assertEquals("prune-m", claims.oneOf("prune", "m").orElseThrow().id());
        assertEquals("prune-m", claims.oneOf("prune", "another").orElseThrow().id());
        assertEquals(Optional.empty(), claims.oneOf("pru", "m"));
    }

    @Test
    void readsWindowsLineEndsAndCellsOfSeveralLines() throws IOException {
        String twoLines = ROW.replace("one, pruned", "one,\nsaid \"\"pruned\"\"");
        Claims claims = Claims.read(file((HEADER + twoLines).replace("\n", "\r\n")));
        assertEquals("one,\nsaid \"pruned\"", claims.rows().get(0).sentence());
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '!', textBlock = """
            12.50      | twelve      | line 3, column printed: expected a number, found "twelve".
            12.50      | Infinity    | line 3, column printed: expected a finite number, found "Infinity".
            12.50      | 0.0         | line 3, column printed: expected a number other than 0, as it is compared relatively, found "0.0".
            12.50      | 1d          | line 3, column printed: expected a number, found "1d".
            12.50      | !!          | line 3, column printed: expected a number, found "".
            relative   | roughly     | line 3, column comparison: expected one of relative, absolute, log10, found "roughly".
            0.02       | -0.02       | line 3, column tolerance: expected a number of at least 0, found "-0.02".
            0.02       | NaN         | line 3, column tolerance: expected a number of at least 0, found "NaN".
            >= 10      | about 10    | line 3, column effect: expected a bound such as ">= 10" or nothing, found "about 10".
            >= 10      | >=10        | line 3, column effect: expected a bound such as ">= 10" or nothing, found ">=10".
            rounding   | !!          | line 3, column reason: expected a value, found "".
            arXiv:1    | !!          | line 3, column source: expected a value, found "".
            second     | Second      | line 3, column id: expected lower-case words and digits joined by hyphens, found "Second".
            second     | prune       | line 3, column id: expected an id not used before (line 2 has it), found "prune".
            ,02,o/m,w  | ,02,o/m     | line 3, column 13: expected 13 columns, found 12.
            ,02,o/m,w  | ,02,o/m,w,x | line 3, column 14: expected 13 columns, found 14.
            rounding   | "rounding   | line 3, column 9: expected a closing quotation mark, found the end of the file.
            "one, pruned" | "one"d   | line 3, column 4: expected a comma or the end of the line, found "d".
            """)
    void refusesAMalformedRowAndSaysWhere(String good, String bad, String sentence) throws IOException {
        String second = ROW.replaceFirst("prune", "second");
        assertTrue(second.contains(good));
        assertRefused("claims.csv, " + sentence, HEADER + ROW + second.replace(good, bad == null ? "" : bad));
    }

    @Test
    void refusesOtherColumns() throws IOException {
        assertRefused("claims.csv, line 1: expected the columns " + HEADER.strip() + ", found id,value.",
                "id,value\n");
        assertRefused("claims.csv, line 1: expected the columns " + HEADER.strip()
                + ", found an empty file.", "");
    }

    @Test
    void refusesBytesThatAreNotUtf8() throws IOException {
        Path file = folder.resolve("claims.csv");
        Files.write(file, "id\u00e9".getBytes(StandardCharsets.ISO_8859_1));
        assertEquals(file + ": expected UTF-8 text, found other bytes.",
                assertThrows(InvalidInputException.class, () -> Claims.read(file)).getMessage());
    }

    @Test
    void refusesAFileThatIsNotThere() {
        Path file = folder.resolve("none.csv");
        assertEquals(file + ": expected a file, found nothing there.",
                assertThrows(InvalidInputException.class, () -> Claims.read(file)).getMessage());
    }

    @Test
    void theProjectsOwnClaimsAreWellFormedAndAgreeWithThemselves() {
        Claims claims = Claims.read(Checkout.current().claims());
        assertFalse(claims.of("02-prune").rows().isEmpty());
        for (Claim claim : claims.rows()) {
            assertTrue(claim.agreesWith(claim.printed().doubleValue()), claim::id);
            assertTrue(claim.sentence().length() <= 90, claim::id);
        }
    }

    @Test
    void aListOfIdsPicksClaimsInTheirOwnOrder() throws IOException {
        Claims claims = Claims.read(file(HEADER + ROW + ROW.replaceFirst("prune", "second")));
        Path headlines = Files.writeString(folder.resolve("headlines.csv"), "claim\nsecond\nprune\n");
        assertEquals(claims, claims.listedIn(headlines));
        Files.writeString(headlines, "claim\nsecond\n");
        assertEquals(claims.rows().subList(1, 2), claims.listedIn(headlines).rows());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            third | line 3, column claim: expected the id of a claim of claims.csv, found "third".
            prune | line 3, column claim: expected each claim once, found "prune".
            """)
    void refusesAListOfOtherThings(String id, String sentence) throws IOException {
        Claims claims = Claims.read(file(HEADER + ROW));
        Path headlines = Files.writeString(folder.resolve("headlines.csv"), "claim\nprune\n" + id + "\n");
        assertEquals("headlines.csv, " + sentence,
                assertThrows(InvalidInputException.class, () -> claims.listedIn(headlines)).getMessage());
    }

    private void assertRefused(String sentence, String content) throws IOException {
        Path file = file(content);
        assertEquals(sentence,
                assertThrows(InvalidInputException.class, () -> Claims.read(file)).getMessage());
    }

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("claims.csv"), content);
    }
}
