"""Every vector the standards of the address kinds publish.

Sources: BIP-173 and BIP-350 (bitcoin/bips), Bitcoin Core's ``src/test/data/key_io_valid.json`` and
``key_io_invalid.json`` (main net; the others must be refused), EIP-55, the examples of the SWIFT IBAN registry
(ISO 13616), and the addresses of the best-known contracts of TRON and programs of Solana, which publish no vectors.
"""

import pytest

from bot.nlu.entities import Entity, addresses, iban, wallet
from bot.nlu.entities.text import Text

BIP350_VALID = """
bc BC1QW508D6QEJXTDG4Y5R3ZARVARY0C5XW7KV8F3T4
tb tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sl5k7
bc bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kt5nd6y
bc BC1SW50QGDZ25J
bc bc1zw508d6qejxtdg4y5r3zarvaryvaxxpcs
tb tb1qqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesrxh6hy
tb tb1pqqqqp399et2xygdj5xreqhjjvcmzhxw4aywxecjdzew6hylgvsesf3hn0c
bc bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0
"""
BIP350_INVALID = """
tc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq5zuyut
bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqh2y7hd
tb1z0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqglt7rf
BC1S0XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ54WELL
bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kemeawh
tb1q0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq24jc47
bc1p38j9r5y49hruaue7wxjce0updqjuyyx0kh56v8s25huc6995vvpql3jow4
BC130XLXVLHEMJA6C4DQV22UAPCTQUPFHLXM9H8Z3K2E72Q4K9HCZ7VQ7ZWS8R
bc1pw5dgrnzv
bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v8n0nx0muaewav253zgeav
BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P
tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vq47Zagq
bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7v07qwwzcrf
tb1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vpggkg4j
bc1gmk9yu
"""
BIP173_INVALID = """
tc1qw508d6qejxtdg4y5r3zarvary0c5xw7kg3g4ty
bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5
BC13W508D6QEJXTDG4Y5R3ZARVARY0C5XW7KN40WF2
bc1rw5uspcuh
bc10w508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7kw5rljs90
BC1QR508D6QEJXTDG4Y5R3ZARVARYV98GJ9P
tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3q0sL5k7
bc1zw508d6qejxtdg4y5r3zarvaryvqyzf3du
tb1qrp33g0q5c5txsp9arysrx4k6zdkfs4nce4xj0gdcccefvpysxf3pjxtptv
bc1gmk9yu
"""
BIP173_VALID_UNTIL_BIP350 = """
bc1pw508d6qejxtdg4y5r3zarvary0c5xw7kw508d6qejxtdg4y5r3zarvary0c5xw7k7grplx
BC1SW50QA3JX3S
bc1zw508d6qejxtdg4y5r3zarvaryvg6kdaj
"""
CORE_BASE58 = """
1FsSia9rv4NeEwvJ2GvXrX7LyxYspbN2mo
36j4NfKv6Akva9amjWrLG6MuSQym1GuEmm
1FjL87pn8ky6Vbavd1ZHeChRXtoxwRGCRd
3BZECeAH8gSKkjrTx8PwMrNQBLG18yHpvf
1G9A9j6W8TLuh6dEeVwWeyibK1Uc5MfVFV
1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa
3J98t1WpEZ73CNmQviecrnyiWrnqRhWNLy
"""
CORE_SEGWIT = """
bc1qvyq0cc6rahyvsazfdje0twl7ez82ndmuac2lhv
bc1qyucykdlhp62tezs0hagqury402qwhk589q80tqs5myh3rxq34nwqhkdhv7
bc1p83n3au0rjylefxq2nc2xh2y4jzz4pm6zxj4mw5pagdjjr2a9f36s6jjnnu
bc1z2rksukkjr8
bc1qhxt04s5xnpy0kxw4x99n5hpdf5pmtzpqs52es2
bc1qgc9ljrvdf2e0zg9rmmq86xklqwfys7r6wptjlacdgrcdc7sa6ggqu4rrxf
bc1pve739yap4uxjvfk0jrey69078u0gasm2nwvv483ec6zkzulgw9xqu4w9fd
bc1zmjtqxkzs89
"""
CORE_OF_OTHER_NETS = """
mzK2FFDEhxqHcmrJw1ysqFkVyhUULo45hZ 2NC2hEhe28ULKAJkW5MjZ3jtTMJdvXmByvK mww4LvqtTMKvmeQvizPz2EQv26xTneWrbg
2N1r7aC69VHeE7yQJPDLi9T1PYq4wnwvjuT n4fajahJrAuKbN7uNsKjLjQkz9Qn5ewJXQ 2MxFajLApXpYk4VodBSZSt7rw8y4ryABkfA
tb1qcrh3yqn4nlleplcez2yndq2ry8h9ncg3qh7n54 tb1rgv5m6uvdk3kc7qsuz0c79v88ycr5w4wa
bcrt1qdavt4j2sd7dlhqsavtnfxvzppw6k7qy97tmnu9
bcrt1sx6p8njlx7h9mc2agzy4yg82dzne23050ncq72cneeecez2pst8mahn8xecsf8g6hzx94420
"""
CORE_INVALID = """
x 1GAdfviErV2Ew95FPtZyikz2qGP3gyCB6Hyu94sedAkPpA523m3fQwps9YKUZkKgQckGPKhRsFR
37G2kMDLpmWVhimxRdzwNfE8JFvWXnJYnVcXeeGrek2qumdJuK7XArcVVpRtLLjRra3t64BEPF2
giymtio7u7oqWtmC9YnvAEKkLF3JQpAdkEFkVJKYrVDfaLbhaDpX1ihfF2vZmya1i61fwLPC3YQ
8iVk9nLM3nYwRuwypjy9NK5rsuZH7BbrQRZ1pgcQmvMnjAgRXD cPTVQ1hbo4qdoysf6Jx5GthqucNmdfqt6J2pZRFeXv8Ep7Kmjqud
cQbR2Ny85XFBzUMx3Ed6HsTLw2pVruSgPvt5AofnBUnhiv86gYeW
2UB3iG3VJbX2TRrMwm6ssWskgvU9VjFBYSqCzwqkrihCwo7mg4mtS4WuGZgxTKuxf5A3EcotYEymz
cQe12pqwPR6ExtZKfrKf1q4b3CTh1Qi7MwuvMvzs79nWXDvESfBJ tc1qeul5g2xfkvdkrhcfmdursv73ad64jnkjl9c40f
bt1pq65rzej5glw3ra79gav6fqnx4haa0z257qr3mc8cggkefahmgvyseufhc0
tb13hty4qmumlwpp6chxjvcyzza4duqgtmxw3xhm3u9ahj4nyhtwz8eq7ynrj4 bcrt1r2qxpwuge
bc10uexgzna2dpfk0vjt35srz6a27ps6m0l89jweznt83n2sqn2fx4hvn9ym5af8wut34sfrqhk3
tb1qum6uh0pt4q253qaf520929737v63w5gf bcrt1q888ryfgxpvl0k7vum8zpyar2u2sexvdhkf38ue37yknmqq0ycrwpl3w48y
bc1qdsuzmn04k2z8vryw8l4dj8m5ygqgnne5n tb1qlj8es50nc8j8r8xshrjgzmw5azx89efghmw8ju6zcqla0g6xcnrstsjz7k
bcrt1qzwmyj0z924g7fzs5yvnrkc43y76RVyr2lh5t4r bc1qpu6d26mrulzetu4jqhd7rsunv9aqru26f5c4j8
tb1qun6d26ufh77ghny6u5u8cwz9da7qwc6k4wkuceae9tth06eqlw0syupl4w bcrt1qj7g2jps453kj9htk9cxyyc2nxe69x4kzzmth7v
bc1p702xksx4z3uqf0u2phllxkfe5cgu0adxptqs0uelx0tqt8e885sqryes2l tb1z7gmh0v6pc30z4xum76lmw8w86yswrlmw
bcrt1sjsrw6nun4h502cr97xmnyyuhkr22q0s6efrgtu 2UVPFpGYnLHJezFzjUo42our6PMEoozzRdM
2MygHQjE1U33q3LSC53p69YqFjP8PihumJAF KzNbAQ4mexfAxa6RKBzHQqfoTycaeWpv2p
2jDPrDfAKihCGPbPD9ztY8TswAia4V8Bc6vx
4VQUNG1hG64QFtaNyQZQWDdwpxB275Pwb3tvyPt2HDxB8Mi2MgH8Tz3AC83YYiz9LydsLNXEZJLHY
39TKsUQ5QpEL1wowc6GMUqak94ijirPuP69ooV3xsFmiKQX2dau
2UEJjT3dSdwc8dAo7oedPzznXceXCEsBbDfAvSymqpqDrkZMv7JBEUpLyhkghioYAWC9W4sKysry
7VmMEkphxCFSV1y659Th4dkk6x6bJS5eQvbt8rzUYKQyd6ACgwQ4vXHtXKFUwP2kW3XULipnHJdZ7
tc1qdlapns4zkn03juf2k9xwwpct209suj6mgcd9gh bt1psa5eptk29c4jc9yumeseat3a0l5e2fpmw635za2p4gpwdnthueysxga9je
tb13w8c43lykfj3lvm9sgp6dsnfjla3d57cm83seykunf0ltxjc9lt2q4efm4d bcrt1rjqr2tdkm
bc10lyxwnxa70l270e6fcmxr4x7dtgu2yvy7gzkurwxy4zhdvgaqrrn6pfg2flyhqzy5t5se8yu3
TB1QFDFM763VXVSUNZHQLPWC0Q8FG5LJX6ZN bcrt1q60chha7wfwlau4kdr4mlvyeyc8mnnh9dhxk05e0hmrxcuhghefj36uwyha
bc1gmk9yu tb1ly0q7p bcrt1qdwttaw38uf42wxw40kwk3u8nguyTQH3hx6jmqp bc1qtsvlht6730n04f2mpaj5vv8hrledn5n5ug8c79
tb1dclvmr bcrt1q3fqvctqu48wsvggrt09vj0yk2gzzcscdp4h98u
bc1prklpq7tjcawg89cmwwqr3u5apwav36xa4zz56ady7crsllm6mpnqts7p86 tb1zkm58zyhxz3ffkfgsyprflg543slsl4c4
bcrt1snzr5kaypnfhpnjanrhd20fhqcjxm3hfh7dw9fu
2GgnYKqBGuA2Mm5GnrPsMTZR81xPhNtgMYoFUZngZGiobhCuUpCaTriUHRcgFreEekNdPAR17q8d
AZEah8d1EK362okRBS66e8SvdtYkrE8tsX 2NDNP7GY59tTJPZTpbkprhM9SR99Nn5rUs7
gep8xr77FyPW6zYP15RiV9W8nL6w2HyHB16cUDakfyDceMA6ZzUdhJjk2LPuLYHnLkBqkRTTi6z
2Csgzy2T287YAjeU5tFtt1nPshBZAUFQi4WtgaWyZGKSBNnKXHy2Tmxo8QK4Mfdds977ShcDWC5o
Kwjk3Vy6sdXMQDGWJzaWmqFxUNtWZCX1q4F4Kpt8jNNUoWJUUaTY
Svj8kk98bAS9V4L2crmxakbhmnPm3cJ1tJ4Je4yVzDreU8eSTFURS1SPYv5oWEQD8Q9VBDvx5uF
KNYsv6v9GtkGeD4WdQnBEJCrPKQm91PTxAbCfXr66LEd4JDmhPWC
2UJ2H2xvAeXmFKfQwMyDoSdQTTPFMNCT3SsoUafBWKzoGP3NsUK1buEgQZG38viyD53jgMdpqfT7
6aLMfayKF4TW4ecn5SEc8FExpyJA2peKxYRGZhes6tQ4NTTzuGy
7VP4FmcebU2thJns9MnXde7LWfuqR5vMizrAuUoq2GcJjzTyA4RHFcPVdZL8PLg1SbpSFdJrvLXoY5
tc1q5qdvt99uc92jyz663dtdpfpv6nr67ahmgwcpq2 bt1peu3ppd7x796sjjenp09r8cs22rhylqm9lhggk72qp8q22vzft0wq2a0x6j
tb1323z3lnz7dl3kd0nsuh6xy4he9almzl67anxgg3xdzkaxc9rwntlqdhdzd7 bcrt1r2gc42sky
bc10fd889x4hd54tqu2ewg9t4hhft2wl7m6x50av4uswzw46xe6as0xmltfg7vrjfkvm459vld7w
TB1QZY7V0F2AT3308YGGNGN66ULJTCN3RY6F bcrt1qjg3cwht92znyw0l4r5rtctmls337nrc7g0ry9drjxmlecjd3atl3fake7c
bc1qmgf8xt8xkecl79k04mma3lz34gqep7hg4 TB1Q3F9WGNXE9ZMTTMDN5VKVKHYZ8Y0LCV72YV7V5LSXTJXEYHNHEHASLYL0TZ
"""
CORE_PRIVATE_KEYS = """
5JuW2AMDYu4xVwRG9DZW18VbzQrGcd5RCgb99sS6ehJsNQXu5b9 L5nJeqKmpHp4P7F8ZYyjwc5a7P4d8EabuGAzfGJk7yC1BJyzNaEd
5HsL2nZuEebU5nM3RxNVQD9GcAnvNMahqQskf4fkqHe54zwd14e KwuVvu6hsuEMHrfFWJQV64tRrWX3QzqHH18JuAHYqYV6dqBvNKxd
"""
EIP55_MIXED = """
0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed 0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359
0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB 0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb
"""
EIP55_ONE_CASE = """
0x52908400098527886E0F7030069857D2E4169EE7 0x8617E340B3D01FA5F11F306F4090FD50E238070D
0xde709f2102306220921060314715629080e2fb77 0x27b1fdb04752bbc536007a920d24acb045561c26
"""
TRON = (
    "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t TEkxiTehnzSmSe2XqrBj4w32RUN966rdz8 TNPeeaaFB7K9cmo4uQpcU32zGK8G1NYqeL"
)
SOLANA = """
TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL
So11111111111111111111111111111111111111112 Vote111111111111111111111111111111111111111
EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v
"""
IBAN_REGISTRY = """
AD1200012030200359100100 AE070331234567890123456 AL47212110090000000235698741 AT611904300234573201
AZ21NABZ00000000137010001944 BA391290079401028494 BE68539007547034 BG80BNBG96611020345678
BH67BMAG00001299123456 BR1800360305000010009795493C1 BY13NBRB3600900000002Z00AB00 CH9300762011623852957
CR05015202001026284066 CY17002001280000001200527600 CZ6508000000192000145399 DE89370400440532013000
DK5000400440116243 DO28BAGR00000001212453611324 EE382200221020145685 EG380019000500000000263180002
ES9121000418450200051332 FI2112345600000785 FO6264600001631634 FR1420041010050500013M02606
GB29NWBK60161331926819 GE29NB0000000101904917 GI75NWBK000000007099453 GL8964710001000206
GR1601101250000000012300695 GT82TRAJ01020000001210029690 HR1210010051863000160
HU42117730161111101800000000 IE29AIBK93115212345678 IL620108000000099999999 IS140159260076545510730339
IT60X0542811101000000123456 JO94CBJO0010000000000131000302 KW81CBKU0000000000001234560101
KZ86125KZT5004100100 LB62099900000001001901229114 LC55HEMM000100010012001200023015 LI21088100002324013AA
LT121000011101001000 LU280019400644750000 LV80BANK0000435195001 LY83002048000020100120361
MC5811222000010123456789030 MD24AG000225100013104168 ME25505000012345678951 MK07250120000058984
MR1300020001010000123456753 MT84MALT011000012345MTLCAST001S MU17BOMM0101101030300200000MUR
NL91ABNA0417164300 NO9386011117947 PK36SCBL0000001123456702 PL61109010140000071219812874
PS92PALS000000000400123456702 PT50000201231234567890154 QA58DOHB00001234567890ABCDEFG
RO49AAAA1B31007593840000 RS35260005601001611379 SA0380000000608010167519 SC18SSCB11010000000000001497USD
SE4550000000058398257466 SI56263300012039086 SK3112000000198742637541 SM86U0322509800000000270100
ST68000100010051845310112 SV62CENR00000000000000700025 TL380080012345678910157 TN5910006035183598478831
TR330006100519786457841326 UA213223130000026007233566001 VA59001123000012345678 VG96VPVG0000012345678901
XK051212012345678906 IQ98NBIQ850123456789012 BI4210000100010000332045181 DJ2100010000000154000100186
NI45BAPR00000013000003558124 MN121234123456789123 OM810180000001299123456 FK88SC123456789012
YE15CBYE0001018861234567891234 SD2129010501234001 SO211000001001000100141 RU0304452522540817810538091310419
HN88CABF00000000000250005469
"""


def only(entities: list[Entity]) -> Entity:
    assert len(entities) == 1
    return entities[0]


def swapped(text: str, index: int) -> str:
    """The text with two neighbours in each other's place."""
    return text[:index] + text[index + 1] + text[index] + text[index + 2 :]


@pytest.mark.parametrize("vector", BIP350_VALID.strip().splitlines())
def test_segwit_addresses_that_hold(vector: str) -> None:
    prefix, address = vector.split()
    assert addresses.is_segwit(address, prefix)


@pytest.mark.parametrize("address", [*CORE_SEGWIT.split(), *(a.upper() for a in CORE_SEGWIT.split())])
def test_segwit_addresses_of_bitcoin_core(address: str) -> None:
    assert addresses.is_segwit(address)
    assert not addresses.is_segwit(address[:5] + address[5:].swapcase())


@pytest.mark.parametrize(
    "address", [*BIP350_INVALID.split(), *BIP173_INVALID.split(), *BIP173_VALID_UNTIL_BIP350.split()]
)
@pytest.mark.parametrize("prefix", ["bc", "tb"])
def test_segwit_addresses_that_must_fail(address: str, prefix: str) -> None:
    assert not addresses.is_segwit(address, prefix)


@pytest.mark.parametrize("address", CORE_BASE58.split())
def test_base58_addresses(address: str) -> None:
    assert addresses.is_bitcoin_base58(address)
    assert only(wallet.find(Text.of(f"转到{address}，"))).valid is True
    assert not addresses.is_bitcoin_base58(swapped(address, 12))


@pytest.mark.parametrize("address", [*CORE_INVALID.split(), *CORE_OF_OTHER_NETS.split()])
def test_what_is_no_address_of_the_main_net(address: str) -> None:
    assert not addresses.is_bitcoin_base58(address)
    assert not addresses.is_segwit(address)
    assert not any(
        entity.valid for entity in wallet.find(Text.of(address)) if entity.value["chain"] == "bitcoin"
    )


@pytest.mark.parametrize("key", CORE_PRIVATE_KEYS.split())
def test_private_keys(key: str) -> None:
    assert addresses.is_wif(key)
    assert not addresses.is_wif(swapped(key, 20))


@pytest.mark.parametrize("address", EIP55_MIXED.split())
def test_ethereum_addresses(address: str) -> None:
    assert addresses.is_checksummed_ethereum(address)
    for index, char in enumerate(address[2:], 2):
        if char.isalpha():
            slip = address[:index] + char.swapcase() + address[index + 1 :]
            assert only(wallet.find(Text.of(slip))).valid is False


@pytest.mark.parametrize("address", EIP55_ONE_CASE.split())
def test_ethereum_addresses_in_one_case_have_no_checksum(address: str) -> None:
    assert only(wallet.find(Text.of(address))).valid is None


def test_an_ethereum_address_with_a_letter_that_is_no_digit() -> None:
    found = only(wallet.find(Text.of("0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d35g")))
    assert (found.value["chain"], found.valid) == ("ethereum", False)


@pytest.mark.parametrize("address", TRON.split())
def test_tron_addresses(address: str) -> None:
    found = only(wallet.find(Text.of(address)))
    assert (found.value["chain"], found.valid) == ("tron", True)
    assert only(wallet.find(Text.of(swapped(address, 15)))).valid is False


@pytest.mark.parametrize("address", SOLANA.split())
def test_solana_addresses(address: str) -> None:
    found = only(wallet.find(Text.of(address)))
    assert (found.value["chain"], found.valid) == ("solana", True)


@pytest.mark.parametrize("number", IBAN_REGISTRY.split())
def test_ibans_of_the_registry(number: str) -> None:
    printed = " ".join(number[index : index + 4] for index in range(0, len(number), 4))
    for typed in (number, number.lower(), printed):
        found = only(iban.find(Text.of(f"the IBAN {typed}, please")))
        assert (found.value, found.valid) == (number, True)
    check = f"{(int(number[2:4]) + 1) % 100:02}"
    wrong = only(iban.find(Text.of(f"{number[:2]}{check}{number[4:]}")))
    assert wrong.valid is False
