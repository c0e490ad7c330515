package superweight.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import superweight.InvalidInputException;
import superweight.report.Contradiction.Way;

class ContradictionsTest {
    private static final String HEADER = "id,number,question,one,one says,other,other says,decided,needs\n";
    private static final Pattern DECIDED = Pattern.compile("Decision\\.of\\(\"([^\"]+)\"");
    private static final Contradictions ALL = Contradictions.read(Checkout.current().contradictions());

    @TempDir
    private Path folder;

    /** A row that is lost, or one that nobody listed, shows: what the sources contradict is fixed. */
    @Test
    void allOfThemAreThere() {
        assertEquals(
                List.of("""
                        1 average-restored
                        2 copied-columns
                        3 steps-in-a-block
                        4 row-and-column
                        5 sum-limit
                        6 perplexity-original average-original
                        7 olmo-layer
                        8 split lambaba
                        9 stopwords-rise others-fall
                        10 same-magnitude
                        11 lost-share
                        12 to-zero
                        13 seven-thousand the-7000-pruned
                        14 block-shape percentile figure-7-clip
                        15 meaning-of-z
                        16 denominators
                        17 blog-label blog-perplexity blog-size blog-size-30b blog-statistics blog-attention
                        18 seventy-percent eighty-percent attention all-outliers
                        19 super-activation-site reasoning blog-baseline two-protocols clip-or-zero blog-tokens
                        20 gate
                        21 instruct-map instruction-tuning
                        22 data-free
                        23 attribution
                        24 readme-numbers
                        25 restoring-an-extreme
                        """.split("\\s+")),
                ALL.rows().stream()
                        .collect(Collectors.groupingBy(Contradiction::number, TreeMap::new, Collectors.toList()))
                        .entrySet().stream()
                        .flatMap(each -> Stream.concat(
                                Stream.of(each.getKey().toString()),
                                each.getValue().stream().map(Contradiction::id)))
                        .toList());
    }

    @Test
    void theNotebookDecidesEachThatIsNotOpenAndNoOther() throws IOException {
        Path notebook = Checkout.current().notebooks().resolve("10-audit.ipynb");
        Set<String> decided = new TreeSet<>();
        DECIDED.matcher(Files.readString(notebook).replace("\\\"", "\"")).results()
                .forEach(match -> assertTrue(decided.add(match.group(1)), () -> match.group(1) + " twice"));
        Set<String> expected = ALL.rows().stream()
                .filter(row -> row.decided() != Way.OPEN)
                .map(Contradiction::id)
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expected, decided);
    }

    @Test
    void someAreDecidedInEachWay() {
        for (Way way : Way.values()) {
            assertFalse(ALL.decided(way).isEmpty(), way::toString);
        }
        assertTrue(ALL.decided(Way.OPEN).stream().noneMatch(row -> row.needs().isEmpty()));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '!', textBlock = """
            a,0,q,p,x,o,y,run,              | line 2, column number: expected a whole number from 1, found "0".
            a,2,q,p,x,o,y,run,              | line 2, column number: expected numbers in order and without gaps, here 1, found "2".
            a,1,q,p,x,o,y,run,~b,3,q,p,x,o,y,run, | line 3, column number: expected numbers in order and without gaps, here 1 or 2, found "3".
            a,1,q,p,x,o,y,run,~a,1,q,p,x,o,y,run, | line 3, column id: expected an id not used before, found "a".
            a,1,q,p,x,o,y,guess,            | line 2, column decided: expected one of run, arithmetic, open, found "guess".
            a,1,q,p,x,o,y,open,             | line 2, column needs: expected a value, found "".
            a,1,q,p,,o,y,run,               | line 2, column one says: expected a value, found "".
            a,1,q,p,x,o,y,run               | line 2, column 9: expected 9 columns, found 8.
            """)
    void refusesAMalformedRowAndSaysWhere(String rows, String sentence) throws IOException {
        Path file = Files.writeString(folder.resolve("c.csv"), HEADER + rows.replace('~', '\n') + "\n");
        assertEquals("c.csv, " + sentence,
                assertThrows(InvalidInputException.class, () -> Contradictions.read(file)).getMessage());
    }
}
