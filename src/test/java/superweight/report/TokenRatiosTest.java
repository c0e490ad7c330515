package superweight.report;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import superweight.InvalidInputException;
import superweight.measure.Stopwords;
import superweight.measure.Token;
import superweight.measure.TokenKind;
import superweight.report.Figure.Source;

/** Also of {@link PrintedTokens} and {@link RatioComparison}. */
class TokenRatiosTest {
    private static final List<TokenRatios> PRINTED =
            PrintedTokens.read(Checkout.current().printed("figure-5"), Stopwords.bundled());

    private static final TokenRatios OURS = TokenRatios.ofThisRun(
            "tiny",
            List.of(new Token(3, " the", TokenKind.STOPWORD), new Token(0, ".", TokenKind.PUNCTUATION),
                    new Token(2, " Helen", TokenKind.OTHER), new Token(1, " Tom", TokenKind.OTHER)),
            new double[] {0.1, 0.1, 0.2, 0.4},
            new double[] {0.3, 0.02, 0.1, 0.6});

    @TempDir
    private Path folder;

    @Test
    void thePapersHundredLikeliestTokensStandThereForEachOfItsModels() {
        assertEquals(
                List.of("llama-7b", "OLMo-7B-0724-hf", "Mistral-7B-v0.1"),
                PRINTED.stream().map(TokenRatios::model).toList());
        PRINTED.forEach(each -> {
            assertEquals(100, each.tokens().size());
            assertEquals(Source.PAPER, each.source());
        });
        assertEquals(new Token(15, "\n", TokenKind.OTHER), PRINTED.get(1).tokens().get(15));
    }

    /** The sentence of section 3.2, and what contradicts the caption's "consistently 2 to 5 times". */
    @Test
    void theRatiosAreThoseOfThePapersText() {
        assertEquals(2.12, PRINTED.get(0).ratio("the"), 0.005);
        assertEquals(4.88, PRINTED.get(0).ratio("."), 0.005);
        assertEquals(10.53, PRINTED.get(0).ratio(","), 0.005);
        assertEquals(1.15, PRINTED.get(1).ratio("the"), 0.005);
        assertEquals(0.06, PRINTED.get(2).ratio("the"), 0.005);
        assertThrows(IllegalArgumentException.class, () -> PRINTED.get(0).ratio("unheard"));
    }

    @Test
    void theDerivedClaimsFollowFromTheValuesPlotted() {
        Claims claims = Claims.read(Checkout.current().claims());
        List<String> models = List.of("llama-7b", "olmo-7b", "mistral-7b");
        for (int i = 0; i < models.size(); i++) {
            Claim rise = claims.find("stopwords-rise-" + models.get(i)).orElseThrow();
            Claim fall = claims.find("others-fall-" + models.get(i)).orElseThrow();
            assertEquals(rise.printed().doubleValue(), PRINTED.get(i).stopwords().together(), 0.005);
            assertEquals(fall.printed().doubleValue(), PRINTED.get(i).others().together(), 0.0005);
            assertTrue(rise.isAbout(PRINTED.get(i).model()) && fall.isAbout(PRINTED.get(i).model()));
        }
    }

    @Test
    void stopwordsWithPunctuationAndOthersAreSummedUpApart() {
        assertArrayEquals(new double[] {1.5, 3}, OURS.stopwords().ratios(), 1e-12);
        assertEquals(0.5, OURS.stopwords().massBefore(), 1e-12);
        assertEquals(0.9, OURS.stopwords().massAfter(), 1e-12);
        assertEquals(1.8, OURS.stopwords().together(), 1e-12);
        assertEquals(2.25, OURS.stopwords().median(), 1e-12);
        assertEquals(1, OURS.stopwords().rising());
        assertEquals(0.2, OURS.others().smallest(), 1e-12);
        assertEquals(0.5, OURS.others().largest(), 1e-12);
        assertEquals(0, OURS.others().rising());
    }

    @Test
    void thisRunsTokensAndThePapersStandInRowsOfTheirOwn() {
        RatioComparison comparison = new RatioComparison(List.of(OURS, PRINTED.get(2)));
        DotFigure figure = comparison.figure("t");
        assertEquals(
                List.of("stopwords, tiny (this run)", "stopwords, Mistral-7B-v0.1 (paper)",
                        "others, tiny (this run)", "others, Mistral-7B-v0.1 (paper)"),
                figure.conditions());
        assertEquals(104, figure.points().size());
        figure.points().forEach(point ->
                assertEquals(point.condition().endsWith("(paper)"), point.source() == Source.PAPER));
        assertEquals("| tiny | this run | stopwords | 2 | 50.0 | 90.0 | 1.80 | 2.25 | 1.5 | 3.00 | 100 |",
                comparison.table().markdown().lines().skip(2).findFirst().orElseThrow());
    }

    @Test
    void refusesRanksThatAreNotInOrder() throws IOException {
        String sound = "model,rank,token,original,pruned,source\nm,1,the,0.5,0.6,s\nm,2,a,0.1,0.2,s\n";
        Path file = folder.resolve("figure-5.csv");
        Files.writeString(file, sound);
        assertEquals("the a", PrintedTokens.read(file, Stopwords.bundled()).get(0).tokens().stream()
                .map(Token::text).collect(Collectors.joining(" ")));
        Files.writeString(file, sound.replace("m,2", "m,3"));
        assertEquals("figure-5.csv, line 3, column rank: expected a model's ranks in order, here 2, found \"3\".",
                assertThrows(InvalidInputException.class, () -> PrintedTokens.read(file, Stopwords.bundled()))
                        .getMessage());
    }
}
