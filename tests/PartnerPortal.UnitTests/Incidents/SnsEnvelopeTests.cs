using System.Text;
using System.Text.Json;
using PartnerPortal.Domain;
using PartnerPortal.Domain.Incidents;
using PartnerPortal.Domain.Incidents.Formats;

namespace PartnerPortal.UnitTests.Incidents;

public sealed class SnsEnvelopeTests
{
    [Theory]
    [InlineData("https://sns.eu-west-1.amazonaws.com/a.pem", true)]
    [InlineData("https://sns.cn-north-1.amazonaws.com.cn/a.pem", true)]
    [InlineData("https://sns.us-gov-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:x&Token=2336", true)]
    [InlineData("http://sns.eu-west-1.amazonaws.com/a.pem", false)]
    [InlineData("https://sns.eu-west-1.amazonaws.com.evil.example/a.pem", false)]
    [InlineData("https://sns.eu-west-1.amazonaws.com.cn.evil.example/a.pem", false)]
    [InlineData("https://evil.example/sns.eu-west-1.amazonaws.com/a.pem", false)]
    [InlineData("https://sns.eu-west-1.amazonaws.com@evil.example/a.pem", false)]
    [InlineData("https://evil.example@sns.eu-west-1.amazonaws.com/a.pem", false)]
    [InlineData("https://@sns.eu-west-1.amazonaws.com/a.pem", false)]
    [InlineData("https://sns.eu-west-1.amazonaws.com:8443/a.pem", false)]
    [InlineData("https://evil.example\\@sns.eu-west-1.amazonaws.com/a.pem", false)]
    [InlineData("https://sns.evil.example/a.pem", false)]
    [InlineData("https://sns.eu-west-1.s3.amazonaws.com/a.pem", false)]
    [InlineData("https://sns-eu-west-1.amazonaws.com/a.pem", false)]
    [InlineData("https://xsns.eu-west-1.amazonaws.com/a.pem", false)]
    [InlineData("https://sns.eu-west-1.amazonaws.com\n/a.pem", false)]
    [InlineData("https://sns.eu-west-1.amazonaws.com./a.pem", false)]
    [InlineData("https://sns.eu-west-1。amazonaws.com/a.pem", false)]
    [InlineData("//sns.eu-west-1.amazonaws.com/a.pem", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void Only_addresses_of_SNS_itself_are_asked(string? address, bool expected) => Assert.Equal(expected, SnsEnvelope.IsAmazons(address, out _));

    [Fact]
    public void What_is_signed_is_what_Amazon_s_guide_says()
    {
        var notification = SnsEnvelope.Read(Body(new { Type = "Notification", MessageId = "m", TopicArn = "t", Message = "ä\nb", Timestamp = "2026-03-02T09:00:00.000Z" })).Single();
        Assert.Equal("Message\nä\nb\nMessageId\nm\nTimestamp\n2026-03-02T09:00:00.000Z\nTopicArn\nt\nType\nNotification\n", Encoding.UTF8.GetString(notification.SignedText()));
        var confirmation = SnsEnvelope.Read(Body(new { Type = "SubscriptionConfirmation", MessageId = "m", Token = "k", TopicArn = "t", Message = "x", SubscribeURL = "https://u", Timestamp = "2026" })).Single();
        Assert.Equal("Message\nx\nMessageId\nm\nSubscribeURL\nhttps://u\nTimestamp\n2026\nToken\nk\nTopicArn\nt\nType\nSubscriptionConfirmation\n", Encoding.UTF8.GetString(confirmation.SignedText()));
    }

    [Theory]
    [InlineData("Disk is full", "raw message delivery")]
    [InlineData("""{"AlarmName":"a","NewStateValue":"ALARM"}""", "raw message delivery")]
    [InlineData("{", "is not JSON")]
    [InlineData("""{"Type":"Odd","MessageId":"m","TopicArn":"t","Message":"x","Timestamp":"2026"}""", "“Type” is “Odd”")]
    [InlineData("""{"Type":"Notification","Message":"x"}""", "“MessageId” is missing")]
    [InlineData("""{"Records":[{"Sns":{"Type":"Notification","Message":"x"}}]}""", "“Records[0].Sns.MessageId” is missing")]
    [InlineData("""{"Type":"Notification","MessageId":"m","TopicArn":"t","Message":"\ud800","Timestamp":"2026"}""", "half a character")]
    public void What_is_no_envelope_is_refused_with_what_to_do(string body, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<FieldsRefused>(() => SnsEnvelope.Read(Encoding.UTF8.GetBytes(body))).Errors["body"].Single(), StringComparison.Ordinal);

    [Fact]
    public void A_text_is_an_alert_by_its_subject_or_its_first_line()
    {
        var one = Read(new { Type = "Notification", TopicArn = "arn:aws:sns:eu-west-1:1:ops", Subject = "Disk is full", Message = "on db-1", Timestamp = "2026-03-02T09:00:00.000Z" }).Single();
        Assert.Equal((SignalKind.Firing, "Disk is full", "Disk is full", "on db-1", Severity.Critical, "ops"), (one.Kind, one.DedupKey, one.Title, one.Summary, one.Severity, one.Labels["topic"]));
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), one.StartedAt);
        Assert.Equal("Queue is full", Read(new { Type = "Notification", Message = "\nQueue is full\nsince nine" }).Single().Title);
        Assert.Throws<FieldsRefused>(() => Read(new { Type = "Notification", Message = " " }));
        Assert.Throws<FieldsRefused>(() => Read(new { Type = "SubscriptionConfirmation", Message = "You have chosen…" }));
    }

    [Fact]
    public void Other_JSON_is_read_by_the_source_s_mapping_or_guessed_or_told_by_its_subject()
    {
        var post = new { Type = "Notification", Subject = "A budget", Message = """{"what":{"called":"Budget"},"is":"gone"}""" };
        var mapped = AlertFormats.Read(AlertSourceKind.Sns, new(Body(post)), [], new(Title: "{$.what.called}", State: "{$.is}", Resolved: ["gone"])).Single();
        Assert.Equal((SignalKind.Resolved, "Budget"), (mapped.Kind, mapped.Title));
        Assert.Equal("A budget", Read(post).Single().Title);
        Assert.Equal((SignalKind.Resolved, "Up"), Read(new { Type = "Notification", Message = """{"title":"Up","state":"ok"}""" }).Select(s => (s.Kind, s.Title)).Single());
        Assert.Throws<FieldsRefused>(() => Read(new { Type = "Notification", Message = """{"what":1}""" }));
        Assert.Empty(Read(new { Type = "Notification", Message = """{"AlarmName":"a","NewStateValue":"INSUFFICIENT_DATA"}""" }));
    }

    private static byte[] Body(object body) => JsonSerializer.SerializeToUtf8Bytes(body);

    private static IReadOnlyList<AlertSignal> Read(object body) => AlertFormats.Read(AlertSourceKind.Sns, new(Body(body)), []);
}
