import itsdangerous
import prices

print(itsdangerous.Signer("key").sign(prices.CURRENCY))
