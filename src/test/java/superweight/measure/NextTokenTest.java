package superweight.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import superweight.checkpoint.RandomLlama;
import superweight.model.CausalLM;
import superweight.model.Coordinate;
import superweight.model.Intervention;
import superweight.model.ReferenceForward;

class NextTokenTest {
    private static final RandomLlama TINY = RandomLlama.small();
    private static final CausalLM MODEL = TINY.load();
    private static final int VOCAB = TINY.config().vocabSize();
    private static final int[] IDS = {5, 9, 2, 30};

    @AfterAll
    static void close() {
        MODEL.close();
    }

    @Test
    void theWholeVocabularySumsToOneLikeliestFirst() {
        List<NextToken> all = NextToken.top(MODEL, IDS, List.of(), VOCAB);
        assertEquals(1, all.stream().mapToDouble(NextToken::probability).sum(), 1e-5);
        assertEquals(
                IntStream.range(0, VOCAB).boxed().toList(), all.stream().map(NextToken::id).sorted().toList());
        for (int i = 1; i < all.size(); i++) {
            assertTrue(all.get(i - 1).logit() >= all.get(i).logit());
            assertTrue(all.get(i - 1).probability() >= all.get(i).probability());
        }
    }

    @Test
    void scoresAndProbabilitiesAreTheDefinitionsAfterTheLastToken() {
        double[] expected = ReferenceForward.logits(TINY, IDS)[IDS.length - 1];
        double total = 0;
        for (double logit : expected) {
            total += Math.exp(logit);
        }
        for (NextToken token : NextToken.top(MODEL, IDS, List.of(), VOCAB)) {
            assertEquals(expected[token.id()], token.logit(), 1e-4);
            assertEquals(Math.exp(expected[token.id()]) / total, token.probability(), 1e-5);
        }
    }

    @Test
    void fewerTokensAreTheFirstOfAll() {
        List<NextToken> all = NextToken.top(MODEL, IDS, List.of(), VOCAB);
        assertEquals(all.subList(0, 3), NextToken.top(MODEL, IDS, List.of(), 3));
        assertEquals(all, NextToken.top(MODEL, IDS, List.of(), VOCAB + 100));
    }

    @Test
    void aModelDrivenOutOfFloat32HasNoNextToken() {
        Intervention huge = Intervention.scale(new Coordinate(1, 2, 3), 3e38);
        assertThrows(ArithmeticException.class, () -> NextToken.top(MODEL, IDS, List.of(huge, huge), 1));
    }
}
