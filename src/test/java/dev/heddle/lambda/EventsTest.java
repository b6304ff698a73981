package dev.heddle.lambda;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.heddle.http.HttpRequest;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventsTest {
    private static final Instant DEADLINE = Instant.parse("2026-11-21T10:00:00Z");

    @Nested
    class RestApi {
        @Test
        void becomesARequestWithEveryValueOfHeadersAndQuery() {
            HttpRequest request = http("""
                    {"resource":"/{proxy+}","path":"/chat/t%201/a+b","httpMethod":"post",
                     "headers":{"Accept":"last"},
                     "multiValueHeaders":{"Accept":["first","last"],"X-Trace":["1"],"x-trace":["2"]},
                     "queryStringParameters":{"mode":"b"},
                     "multiValueQueryStringParameters":{"mode":["a+%20","b"],"Case":["1"]},
                     "pathParameters":{"proxy":"chat/t 1"},"stageVariables":null,
                     "requestContext":{"requestId":"gateway","stage":"prod","path":"/prod/chat/t%201"},
                     "body":"grüß dich","isBase64Encoded":false}""");

            assertThat(request.method()).isEqualTo("POST");
            assertThat(request.path()).isEqualTo("/chat/t 1/a+b");
            assertThat(request.headers())
                    .isEqualTo(Map.of("accept", List.of("first", "last"), "x-trace", List.of("1", "2")));
            assertThat(request.query()).isEqualTo(Map.of("mode", List.of("a+%20", "b"), "Case", List.of("1")));
            assertThat(new String(request.body(), UTF_8)).isEqualTo("grüß dich");
            assertThat(request.requestId()).isEqualTo("r-1");
            assertThat(request.deadline()).isEqualTo(DEADLINE);
        }

        @Test
        void fallsBackToSingleValuesAndTakesNullsForNothing() {
            HttpRequest request = http("""
                    {"httpMethod":"GET","path":"/health","headers":{"Accept":"*/*"},"multiValueHeaders":null,
                     "queryStringParameters":{"a":"1"},"multiValueQueryStringParameters":null,
                     "body":null,"isBase64Encoded":false}""");

            assertThat(request.headers()).isEqualTo(Map.of("accept", List.of("*/*")));
            assertThat(request.query()).isEqualTo(Map.of("a", List.of("1")));
            assertThat(request.body()).isEmpty();
        }

        @Test
        void decodesABodyInBase64() {
            HttpRequest request =
                    http("{\"httpMethod\":\"POST\",\"path\":\"/\",\"body\":\"AP/+\",\"isBase64Encoded\":true}");

            assertThat(request.body()).containsExactly(0, 0xff, 0xfe);
        }

        @ParameterizedTest
        @CsvSource({
            "/a%C3%BC, /aü",
            "/a%2Fb, /a/b",
            "/100%, /100%",
            "/%zz%4, /%zz%4",
            "/%41%, /A%",
            "/ü, /ü",
            "plain, /plain",
            "'', /"
        })
        void decodesThePathAndKeepsWhatIsNotEncoded(String raw, String path) {
            assertThat(http("{\"httpMethod\":\"GET\",\"path\":\"" + raw + "\"}").path())
                    .isEqualTo(path);
        }
    }

    @Nested
    class FunctionUrl {
        @Test
        void becomesARequestWithCookiesQueryAndMethod() {
            HttpRequest request = http("""
                    {"version":"2.0","routeKey":"$default","rawPath":"/chat/t%C3%BC","rawQueryString":"mode=a%26b&mode=c+d&&flag&=x&e=",
                     "cookies":["a=1","b=2"],"headers":{"content-type":"application/json","cookie":"old=1"},
                     "queryStringParameters":{"mode":"a&b,c d"},
                     "requestContext":{"http":{"method":"PUT","path":"/chat/t"},"requestId":"url","stage":"$default"},
                     "body":"e30=","isBase64Encoded":true}""");

            assertThat(request.method()).isEqualTo("PUT");
            assertThat(request.path()).isEqualTo("/chat/tü");
            assertThat(request.query())
                    .isEqualTo(Map.of(
                            "mode", List.of("a&b", "c d"), "flag", List.of(""), "", List.of("x"), "e", List.of("")));
            assertThat(request.headers())
                    .isEqualTo(Map.of("content-type", List.of("application/json"), "cookie", List.of("a=1; b=2")));
            assertThat(new String(request.body(), UTF_8)).isEqualTo("{}");
            assertThat(request.requestId()).isEqualTo("r-1");
        }

        @ParameterizedTest
        @CsvSource({
            "/prod/health, prod, /health",
            "/prod, prod, /",
            "/production/x, prod, /production/x",
            "/$default/x, $default, /$default/x",
            "/health, prod, /health"
        })
        void takesTheStageOffThePath(String raw, String stage, String path) {
            HttpRequest request = http("""
                    {"version":"2.0","rawPath":"%s","rawQueryString":"","headers":{},
                     "requestContext":{"http":{"method":"GET"},"stage":"%s"},"isBase64Encoded":false}""".formatted(raw, stage));

            assertThat(request.path()).isEqualTo(path);
            assertThat(request.query()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"aws.events", "aws.scheduler"})
    void knowsASchedule(String source) {
        assertThat(read("{\"source\":\"" + source + "\",\"detail-type\":\"Scheduled Event\",\"detail\":{}}"))
                .isEqualTo(new Event.Schedule());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"Records\":[{\"eventSource\":\"aws:sqs\",\"body\":\"private\"}]} | source 'aws:sqs'",
                "{\"Records\":[{\"EventSource\":\"aws:sns\"}]} | source 'aws:sns'",
                "{\"httpMethod\":\"GET\",\"path\":\"/\",\"requestContext\":{\"elb\":{}}} | source 'aws:elb'",
                "{\"source\":\"private words of a sender\"} | another",
                "{\"version\":\"2.0\"} | another",
                "{} | another"
            })
    void refusesOtherEventsWithAMessageThatSaysWhich(String event, String got) {
        FunctionError error = refused(event);

        assertThat(error.type()).isEqualTo("unsupported_event");
        assertThat(error.message()).contains("got " + got + ".").doesNotContain("private");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "{\"private\":",
                "{} {}",
                "[]",
                "null",
                "\"private\"",
                "{\"httpMethod\":\"GET\"}",
                "{\"httpMethod\":\"GET\",\"path\":7}",
                "{\"httpMethod\":\"GET\",\"path\":\"/\",\"multiValueHeaders\":{\"a\":[1]}}",
                "{\"httpMethod\":\"GET\",\"path\":\"/\",\"headers\":{\"a\":{}}}",
                "{\"httpMethod\":\"GET\",\"path\":\"/\",\"headers\":[\"private\"]}",
                "{\"httpMethod\":\"GET\",\"path\":\"/\",\"body\":{\"private\":1}}",
                "{\"httpMethod\":\"GET\",\"path\":\"/\",\"body\":\"private!\",\"isBase64Encoded\":true}",
                "{\"version\":\"2.0\",\"requestContext\":{\"http\":{\"method\":\"GET\"}}}",
                "{\"version\":\"2.0\",\"rawPath\":\"/\",\"requestContext\":{\"http\":{}}}"
            })
    void saysOfMalformedEventsWhatWasExpectedAndNothingOfTheirContent(String event) {
        FunctionError error = refused(event);

        assertThat(error.type()).isEqualTo("malformed_event");
        assertThat(error.message()).contains("expected ", "got ").doesNotContain("private");
    }

    @Test
    void survivesDeepNesting() {
        assertThat(refused("[".repeat(100_000)).type()).isEqualTo("malformed_event");
    }

    private static Event read(String json) {
        return Events.read(new Invocation("r-1", DEADLINE, null, json.getBytes(UTF_8)));
    }

    private static HttpRequest http(String json) {
        assertThat(read(json)).isInstanceOf(Event.Http.class);
        return ((Event.Http) read(json)).request();
    }

    private static FunctionError refused(String json) {
        assertThat(read(json)).isInstanceOf(Event.Refused.class);
        return ((Event.Refused) read(json)).error();
    }
}
