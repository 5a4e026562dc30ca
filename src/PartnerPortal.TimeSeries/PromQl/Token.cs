namespace PartnerPortal.TimeSeries.PromQl;

internal enum TokenKind
{
    End,

    /// <summary>A name, an operator such as <c>and</c>, or an aggregation: which one, the parser knows from where it stands.</summary>
    Word,
    Number,
    Duration,

    /// <summary>A text in quotes; <see cref="Token.Text"/> holds it without quotes and escapes.</summary>
    Quoted,
    Sign,
}

/// <summary>The smallest piece of an expression that means something.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Position)
{
    public bool Is(string sign) => Kind == TokenKind.Sign && Text == sign;

    /// <summary>Whether it is a word of the language; those are read whatever their case.</summary>
    public bool IsWord(string word) => Kind == TokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public string Shown => Kind switch
    {
        TokenKind.End => "end of input",
        TokenKind.Word => $"identifier \"{Text}\"",
        TokenKind.Number => $"number \"{Text}\"",
        TokenKind.Duration => $"duration \"{Text}\"",
        TokenKind.Quoted => $"string \"{Text}\"",
        _ => $"\"{Text}\"",
    };
}
