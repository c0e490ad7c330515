package superweight.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictsCommandTest {
    private static final String BEGIN = "<!-- verdicts:begin model=tiny text=bundled -->";
    private static final String END = "<!-- verdicts:end -->";

    private final String homeBefore = System.getProperty("superweight.home");
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @TempDir
    Path home;

    @BeforeEach
    void layOutACheckoutWithOneResult() throws IOException {
        Path results = Files.createDirectories(home.resolve("paper-tables/tiny/bundled"));
        Files.writeString(home.resolve("paper-tables/claims.csv"), """
                id,source,place,sentence,printed,unit,comparison,tolerance,reason,effect,notebook,model,text
                prune,arXiv:1,Table 1,One pruned,12.50,perplexity,relative,0.02,rounding,>= 2,02,o/m,wikitext2
                """);
        Files.writeString(home.resolve("paper-tables/claims.csv"), """
                rare,arXiv:1,Table 9,Another,1,ratio,relative,0.02,rounding,,02,o/m,-
                """, StandardOpenOption.APPEND);
        Files.writeString(home.resolve("paper-tables/headlines.csv"), "claim\nprune\n");
        Files.writeString(results.resolve("02.claims.csv"), """
                claim,value,low,high,level,effect,effect_low,effect_high,effect_level,size
                prune,30.0,,,,3.0,,,,full
                """);
        System.setProperty("superweight.home", home.toString());
    }

    @AfterEach
    void restoreTheCheckout() {
        System.setProperty("superweight.home", homeBefore);
    }

    @Test
    void printsTheTableInEachForm() {
        assertEquals(0, run("--model", "tiny"));
        assertTrue(out.toString().contains("holds: 3.00, needs >= 2"), out::toString);
        assertEquals(0, run("--model", "tiny", "--format", "markdown"));
        assertTrue(out.toString().contains("| One pruned | 12.50 (m, wikitext2) | – | not run |"), out::toString);
        assertEquals(0, run("--model", "tiny", "--text", "bundled", "--format", "csv"));
        assertTrue(out.toString().contains("\nprune,One pruned,"), out::toString);
    }

    @Test
    void printsTheHeadlinesAlone() {
        assertEquals(0, run("--model", "tiny", "--format", "csv"));
        assertTrue(out.toString().contains("\nrare,"), out::toString);
        assertEquals(0, run("--model", "tiny", "--format", "csv", "--headlines"));
        assertTrue(out.toString().contains("\nprune,") && !out.toString().contains("\nrare,"), out::toString);
    }

    @Test
    void refusesAModelWithoutResultsAndNamesThoseThatHave() {
        assertEquals(2, run("--model", "tinny"));
        assertTrue(err.toString().contains(
                "--model and --text: expected one of tiny on bundled, found tinny on bundled."), err::toString);
    }

    @Test
    void withoutResultsItShowsTheClaimsAndSaysSo() throws IOException {
        Files.delete(home.resolve("paper-tables/tiny/bundled/02.claims.csv"));
        assertEquals(0, run("--format", "csv"));
        assertTrue(out.toString().contains("\nprune,One pruned,"), out::toString);
        assertEquals("superweight: Nothing was measured yet, so these are the paper's claims alone; ./reproduce.sh"
                + " measures them.\n", err.toString());
    }

    @Test
    void updateRenewsTheBlockAndLeavesTheRest() throws IOException {
        Path readme = home.resolve("README.md");
        Files.writeString(readme, "above\n\n" + BEGIN + "\nstale\n" + END + "\n\nbelow $1 \\\n");
        assertEquals(0, run("--update", readme.toString()));
        String renewed = Files.readString(readme);
        assertTrue(renewed.startsWith("above\n\n" + BEGIN + "\n| claim |"), renewed);
        assertTrue(renewed.contains("holds: 3.00, needs >= 2"), renewed);
        assertTrue(renewed.endsWith("\n" + END + "\n\nbelow $1 \\\n"), renewed);
        assertTrue(!renewed.contains("stale"), renewed);
        assertEquals(0, run("--update", readme.toString()));
        assertEquals(renewed, Files.readString(readme));
        assertEquals("", out.toString());
    }

    @Test
    void updateWithoutAFileRenewsBothDocuments() throws IOException {
        Path readme = Files.writeString(home.resolve("README.md"),
                BEGIN.replace(" -->", " claims=headlines -->") + "\n" + END);
        Path all = Files.writeString(home.resolve("paper-tables/README.md"),
                "<!-- verdicts:begin model=* text=* -->\n" + END);
        assertEquals(0, run("--update"));
        assertTrue(Files.readString(readme).contains("| One pruned |"), () -> "stale");
        assertTrue(!Files.readString(readme).contains("| Another |"), () -> "not a headline");
        String whole = Files.readString(all);
        assertTrue(whole.contains("\n## tiny on bundled\n\n| claim |"), whole);
        assertTrue(whole.contains("| One pruned |") && whole.contains("| Another |"), whole);
    }

    @Test
    void updateRenewsEveryBlock() throws IOException {
        Path readme = home.resolve("README.md");
        String other = "<!-- verdicts:begin model=m text=wikitext2 -->";
        Files.writeString(readme, BEGIN + "\n" + END + "\nbetween\n" + other + "\n" + END + "\n");
        assertEquals(0, run("--update", readme.toString()));
        String renewed = Files.readString(readme);
        assertTrue(renewed.contains("same effect on tiny, bundled"), renewed);
        assertTrue(renewed.contains("same effect on m, wikitext2"), renewed);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            no block at all                                           | found none.
            <!-- verdicts:begin --> <!-- verdicts:end -->             | found <!-- verdicts:begin -->.
            <!-- verdicts:begin model=a text=b claims=few -->         | found <!-- verdicts:begin model=a text=b claims=few -->.
            <!-- verdicts:begin model=a text=b --> and no end         | found the end of the file.
            <!-- verdicts:end -->                                     | found <!-- verdicts:end -->.
            """)
    void updateRefusesBrokenCommentsAndLeavesTheFile(String document, String found) throws IOException {
        Path readme = Files.writeString(home.resolve("README.md"), document);
        assertEquals(2, run("--update", readme.toString()));
        assertTrue(err.toString().contains("README.md: expected ") && err.toString().contains(found),
                err::toString);
        assertEquals(document, Files.readString(readme));
    }

    private int run(String... arguments) {
        String[] line = Stream.concat(Stream.of("verdicts"), Stream.of(arguments)).toArray(String[]::new);
        Console console = Console.run(line);
        out.getBuffer().setLength(0);
        out.write(console.out());
        err.write(console.err());
        return console.exitCode();
    }
}
